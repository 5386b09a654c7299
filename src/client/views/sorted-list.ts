/** With more changes at a time everything is sorted. */
const FEW = 64

/** A list that stays sorted while its items change. The returned array is another one whenever something in it changes. */
export function sortedList<T extends { readonly id: string }>(compare: (a: T, b: T) => number) {
  const shown = new Map<string, T>()
  let items: readonly T[] = []

  /** Where an item is, or belongs. */
  function place(list: readonly T[], item: T): number {
    let low = 0
    let high = list.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(list[middle]!, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  function put(id: string, item: T | undefined): void {
    if (item) shown.set(id, item)
    else shown.delete(id)
  }

  return {
    /** Takes over these items, undefined where one is gone. */
    update(changes: readonly (readonly [string, T | undefined])[]): readonly T[] {
      const real = changes.filter(([id, item]) => shown.get(id) !== item)
      if (real.length === 0) return items
      if (real.length > FEW) {
        for (const [id, item] of real) put(id, item)
        items = [...shown.values()].sort(compare)
        return items
      }
      const next = items.slice()
      for (const [id, item] of real) {
        const before = shown.get(id)
        if (before) next.splice(place(next, before), 1)
        if (item) next.splice(place(next, item), 0, item)
        put(id, item)
      }
      items = next
      return items
    },
  }
}
