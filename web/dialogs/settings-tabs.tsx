import { type ReactNode, useEffect, useRef } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslation } from '../i18n/use-translation.ts'
import { classes } from '../ui/classes.ts'
import css from './parts.module.css'

interface SettingsTabsProps {
  readonly tabs: Readonly<Record<string, ReactNode>>
  readonly chosen: string
  readonly onChoose: (tab: string) => void
}

/** The parts of the settings, one at a time. */
export function SettingsTabs({ tabs, chosen, onChoose }: SettingsTabsProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  // On a phone the tabs are wider than the screen. They are there a frame later.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      list.current?.querySelector(`[data-key="${chosen}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' })
    })
    return () => cancelAnimationFrame(frame)
  }, [chosen])
  const isNarrow = matchMedia('(max-width: 47rem)').matches
  return (
    <Tabs
      selectedKey={chosen}
      onSelectionChange={(tab) => onChoose(String(tab))}
      className={css.tabs ?? ''}
      orientation={isNarrow ? 'horizontal' : 'vertical'}
    >
      <TabList ref={list} className={css.tabList ?? ''} aria-label={t('settings.title')}>
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
