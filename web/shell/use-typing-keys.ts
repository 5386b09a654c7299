import { useEffect } from 'react'
import { isCovered } from '../state/layers.ts'

const OWN = 'input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=listbox]'

/** Whoever types, types into the composer, unless another element wants the key. */
export function useTypingKeys(): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const { key, target } = event
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isCovered()) return
      if (Array.from(key).length !== 1 || key === ' ') return
      if (target instanceof Element && target.closest(OWN)) return
      focusComposer()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

export const focusComposer = (): void => document.querySelector<HTMLElement>('main textarea')?.focus()
