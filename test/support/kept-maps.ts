/** A map or set that lives as long as what was built, and how much more is in it than when that was built. */
export interface Grown {
  /** The file and line that made it. */
  readonly where: string
  readonly entries: readonly unknown[]
}

/**
 * Builds something and afterwards tells which of the maps and sets that it made for itself hold more than then: what people, sockets and
 * chats that came and went have left behind. Maps made later are seen by their places in these.
 */
export function withKeptMaps<T>(build: () => T): { readonly built: T; grown(): Grown[] } {
  const kept: { readonly it: Map<unknown, unknown> | Set<unknown>; readonly where: string }[] = []
  const { Map: PlainMap, Set: PlainSet } = globalThis
  const note = (it: Map<unknown, unknown> | Set<unknown>) => kept.push({ it, where: placeOf(new Error('made here').stack) })
  globalThis.Map = class<K, V> extends PlainMap<K, V> {
    constructor(entries?: Iterable<readonly [K, V]> | null) {
      super(entries)
      note(this)
    }
  }
  globalThis.Set = class<V> extends PlainSet<V> {
    constructor(entries?: Iterable<V> | null) {
      super(entries)
      note(this)
    }
  }
  try {
    const built = build()
    const before = kept.map(({ it }) => it.size)
    return {
      built,
      grown: () => kept.flatMap(({ it, where }, i) => (it.size > before[i]! ? [{ where, entries: [...it.keys()] }] : [])),
    }
  } finally {
    Object.assign(globalThis, { Map: PlainMap, Set: PlainSet })
  }
}

/** The first line of ours below the constructor. */
function placeOf(stack = ''): string {
  const line = stack.split('\n').find((one) => one.includes('/src/')) ?? ''
  return /src\/[^)\s]+:\d+(?=:)/.exec(line)?.[0] ?? 'elsewhere'
}
