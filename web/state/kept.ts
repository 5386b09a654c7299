const nameOf = (name: string) => `windi:${name}`

/** What this browser remembers, for all its tabs. Where storing is forbidden, nothing is remembered. */
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(nameOf(name)) ?? undefined
  } catch {
    return undefined
  }
}

/** Whether it could be stored. */
export function keep(name: string, value: string): boolean {
  try {
    localStorage.setItem(nameOf(name), value)
    return true
  } catch {
    return false
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(nameOf(name))
  } catch {
    // Nothing was stored.
  }
}

/** The names that begin with `prefix`. */
export function keptNames(prefix: string): string[] {
  try {
    return Object.keys(localStorage).flatMap((key) => (key.startsWith(nameOf(prefix)) ? key.slice(nameOf('').length) : []))
  } catch {
    return []
  }
}

/** Calls `listener` when another tab has changed something whose name begins with `prefix`; `name` is undefined when all is gone. */
export function onKept(prefix: string, listener: (name: string | undefined) => void): void {
  addEventListener('storage', ({ storageArea, key }) => {
    if (storageArea !== localStorage) return
    if (key === null) listener(undefined)
    else if (key.startsWith(nameOf(prefix))) listener(key.slice(nameOf('').length))
  })
}
