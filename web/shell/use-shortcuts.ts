import { useEffect } from 'react'
import { dialog, openDialog } from '../state/dialog.ts'

export const SEARCH_FIELD = 'search-all'

/** Ctrl or ⌘ with K searches, with Shift and O starts a chat. */
export function useShortcuts(): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || dialog.get()) return
      if (event.code === 'KeyK' && !event.shiftKey) document.getElementById(SEARCH_FIELD)?.focus()
      else if (event.code === 'KeyO' && event.shiftKey) openDialog({ kind: 'new-chat' })
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}
