import type { KeyboardEvent } from 'react'

/** What a key puts around the selection. */
const marks: Readonly<Record<string, readonly [before: string, after: string]>> = {
  KeyB: ['**', '**'],
  KeyI: ['*', '*'],
  KeyE: ['`', '`'],
  'Shift KeyX': ['~~', '~~'],
}

/** Wraps the selection in marks, or makes a link of it. By the browser's own way of typing, so that it can be undone. Whether it did. */
export function putMarks(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false
  const field = event.currentTarget
  const { selectionStart, selectionEnd, value } = field
  const selected = value.slice(selectionStart, selectionEnd)
  if (event.code === 'KeyK' && !event.shiftKey && selected !== '') {
    type(`[${selected}](https://)`)
    field.setSelectionRange(selectionEnd + 3, selectionEnd + 11)
    return true
  }
  const pair = marks[`${event.shiftKey ? 'Shift ' : ''}${event.code}`]
  if (!pair) return false
  const [before, after] = pair
  type(before + selected + after)
  field.setSelectionRange(selectionStart + before.length, selectionEnd + before.length)
  return true
}

// What else types and keeps the history of changes does not exist yet.
const type = (text: string) => document.execCommand('insertText', false, text)
