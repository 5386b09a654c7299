import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { classes } from '../ui/classes.ts'
import css from './parts.module.css'

interface LayerTabsProps {
  readonly label: string
  readonly nameOf: (tab: string) => string
  readonly tabs: Readonly<Record<string, ReactNode>>
  readonly chosen: string
  readonly onChoose: (tab: string) => void
}

/** The parts of a dialog that has many, one at a time. */
export function LayerTabs({ label, nameOf, tabs, chosen, onChoose }: LayerTabsProps) {
  return (
    <Tabs selectedKey={chosen} onSelectionChange={(tab) => onChoose(String(tab))} className={css.tabs ?? ''} orientation="vertical">
      <TabList className={css.tabList ?? ''} aria-label={label}>
        {Object.keys(tabs).map((id) => (
          <Tab key={id} id={id} className={css.tab ?? ''}>
            {nameOf(id)}
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
