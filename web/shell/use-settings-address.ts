import { useEffect } from 'react'
import { dialog, openDialog } from '../state/dialog.ts'
import { takeOverEntry } from '../state/layers.ts'
import { settingsTab } from '../state/route.ts'

/** Opens the settings where the address says so: at the beginning, by a link, or by Forward. */
export function useSettingsAddress(): void {
  useEffect(() => {
    let isFirst = true
    const look = () => {
      const tab = settingsTab()
      if (tab !== undefined && dialog.get()?.kind !== 'settings') {
        takeOverEntry(isFirst)
        openDialog({ kind: 'settings', tab })
      }
      isFirst = false
    }
    look()
    addEventListener('popstate', look)
    addEventListener('hashchange', look)
    return () => {
      removeEventListener('popstate', look)
      removeEventListener('hashchange', look)
    }
  }, [])
}
