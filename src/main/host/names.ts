/** Refuses names that a record does not have. */
export function requireNames(given: object, known: readonly string[]): void {
  const wrong = Object.keys(given).filter((name) => !known.includes(name))
  if (wrong.length > 0) throw new TypeError(`Options that cannot be used: ${wrong.map((name) => unknownName(name, known)).join('; ')}`)
}

/** Says that a name is unknown, and which one may have been meant. */
export function unknownName(name: string, known: readonly string[]): string {
  const near = known.map((one) => ({ one, d: distance(name.toLowerCase(), one.toLowerCase()) })).sort((a, b) => a.d - b.d)[0]
  return `${JSON.stringify(name)} is unknown${near && near.d <= 3 ? `; did you mean ${JSON.stringify(near.one)}?` : ''}`
}

/** How many letters have to be added, left out or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
