/** Where in a value, and in all that it holds, a text stands that the pattern finds: as paths. */
export function textsIn(value: unknown, pattern: RegExp, path = '', seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return pattern.test(value) ? [path] : []
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  const entries: Iterable<readonly [unknown, unknown]> =
    value instanceof Map ? value : value instanceof Set ? value.entries() : Object.entries(value)
  return [...entries].flatMap(([key, held], i) => {
    const name = value instanceof Map || value instanceof Set ? `[${i}]` : `.${String(key)}`
    return [...textsIn(key, pattern, `${path}${name} (key)`, seen), ...textsIn(held, pattern, `${path}${name}`, seen)]
  })
}
