import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from '../i18n/use-translation.ts'
import { classes } from '../ui/classes.ts'
import css from './parts.module.css'

interface SettingsTabsProps {
  readonly tabs: Readonly<Record<string, ReactNode>>
  /** The one to begin with. */
  readonly first: string | undefined
}

/** The parts of the settings, one at a time. */
export function SettingsTabs({ tabs, first }: SettingsTabsProps) {
  const { t } = useTranslation()
  const isNarrow = matchMedia('(max-width: 47rem)').matches
  return (
    <Tabs
      {...(first !== undefined && first in tabs && { defaultSelectedKey: first })}
      className={css.tabs ?? ''}
      orientation={isNarrow ? 'horizontal' : 'vertical'}
    >
      <TabList className={css.tabList ?? ''} aria-label={t('settings.title')}>
        {Object.keys(tabs).map((id) => (
          <Tab key={id} id={id} className={css.tab ?? ''}>
            {t(`settings.tab.${id}` as 'settings.tab.profile')}
          </Tab>
        ))}
      </TabList>
      {Object.entries(tabs).map(([id, content]) => (
        <TabPanel key={id} id={id} className={classes(css.body, css.panel)}>
          {content}
        </TabPanel>
      ))}
    </Tabs>
  )
}
