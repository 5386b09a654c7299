import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import css from './parts.module.css'

/** The parts of the settings, one at a time. */
export function SettingsTabs({ tabs }: { readonly tabs: Readonly<Record<string, ReactNode>> }) {
  const { t } = useTranslation()
  const isNarrow = matchMedia('(max-width: 47rem)').matches
  return (
    <Tabs className={css.tabs ?? ''} orientation={isNarrow ? 'horizontal' : 'vertical'}>
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
