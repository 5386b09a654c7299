/** What may be focused in place of something else. Not fields: on a phone they open the keyboard. */
const CONTROLS = ':is(button, a[href], select, input:is([type=checkbox], [type=radio])):not(:disabled, [tabindex="-1"])'
const FRAMES = 'aside, [role=dialog], [role=alertdialog]'

interface Held {
  readonly control: Element
  /** The place of its row in the list, and its own in the row. */
  readonly row: number
  readonly place: number
}

/**
 * For a list whose rows go by what is done in them: `<ul ref={keepFocus}>`. When the row goes that has the focus, or had it before a
 * question was asked, the same control of the row that takes its place has it; without one, what comes after the list, else before it.
 */
export const keepFocus = (list: HTMLElement | null): (() => void) | undefined => (list ? watch(list) : undefined)

function watch(list: HTMLElement): () => void {
  const frame = list.closest(FRAMES) ?? document.body
  const root = list.closest('body > *')
  let held: Held | undefined
  const note = () => (held = heldIn(list) ?? held)
  function look() {
    if (held?.control.isConnected !== false) return void note()
    if (!isNowhere() || root?.hasAttribute('inert')) return
    const { row, place } = held
    const rows = [...list.children]
    const controls = [...rows.slice(row), ...rows.slice(0, row).reverse()].map(controlsIn).find(({ length }) => length > 0)
    ;(controls ? controls[Math.min(place, controls.length - 1)] : around(list, frame)[0])?.focus()
    note()
  }
  const left = ({ relatedTarget: to }: FocusEvent) => {
    if (to instanceof Element && !list.contains(to) && to.closest(FRAMES) === frame) held = undefined
  }
  /** A key that is held down does what it does once, and not to the next row as well. */
  const once = (event: KeyboardEvent) => event.repeat && event.key === 'Enter' && event.preventDefault()
  list.addEventListener('focusin', note)
  list.addEventListener('focusout', left)
  list.addEventListener('keydown', once)
  const observer = new MutationObserver(look)
  observer.observe(list, { childList: true, subtree: true })
  // The rest of the page waits while a question is asked, and the row may go before it has been answered.
  if (root) observer.observe(root, { attributes: true, attributeFilter: ['inert'] })
  return () => {
    observer.disconnect()
    list.removeEventListener('focusin', note)
    list.removeEventListener('focusout', left)
    list.removeEventListener('keydown', once)
    if (!held) return
    const others = around(list, frame)
    queueMicrotask(() => isNowhere() && others.find(({ isConnected }) => isConnected)?.focus())
  }
}

function heldIn(list: HTMLElement): Held | undefined {
  const control = document.activeElement
  const row = [...list.children].findIndex((one) => one.contains(control))
  return control && row >= 0
    ? { control, row, place: Math.max(0, controlsIn(list.children[row]!).indexOf(control as HTMLElement)) }
    : undefined
}

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body
const controlsIn = (part: Element): HTMLElement[] =>
  [...part.querySelectorAll<HTMLElement>(CONTROLS)].filter((control) => control.checkVisibility())

/** The controls of a frame that are not in the list, in the order in which they come into question. */
function around(list: HTMLElement, frame: Element): HTMLElement[] {
  const others = controlsIn(frame).filter((control) => !list.contains(control))
  const isAfter = (control: HTMLElement) => (list.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
  return [...others.filter(isAfter), ...others.filter((control) => !isAfter(control)).reverse()]
}
