/** Gives the focus to what a list has, or is about to render. It stays where the user takes it meanwhile. */
export function focusShown(find: () => HTMLElement | null): void {
  const before = document.activeElement
  const focus = () => find()?.focus({ preventScroll: true })
  if (find()) return focus()
  requestAnimationFrame(() => [before, document.body].includes(document.activeElement) && focus())
}
