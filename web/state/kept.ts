/** What this browser remembers for whoever sits at it. Where storing is forbidden, nothing is remembered. */
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(`windi:${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`windi:${name}`)
    else localStorage.setItem(`windi:${name}`, value)
  } catch {
    // A private window: the choice lasts as long as the page.
  }
}
