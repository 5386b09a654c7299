/** What a JSON value is, by place: maps that are keyed by ids, and lists, have one place for all that they hold. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

export function shapeOf(value: unknown): Shape {
  const shape = new Map<string, Set<string>>()
  const visit = (node: unknown, place: string): void => {
    shape.set(place, (shape.get(place) ?? new Set()).add(typeOf(node)))
    if (Array.isArray(node)) for (const item of node) visit(item, `${place}/*`)
    else if (typeof node === 'object' && node !== null)
      for (const [name, member] of Object.entries(node)) visit(member, `${place}/${UUID.test(name) ? '*' : name}`)
  }
  visit(value, '')
  return shape
}

function typeOf(node: unknown): string {
  if (node === null) return 'null'
  return Array.isArray(node) ? 'array' : typeof node
}

/** Places that a client of then knows and that are absent now, or of another type. An empty list, or null, says nothing of a type. */
export function broken(then: unknown, now: unknown): string[] {
  const present = shapeOf(now)
  return [...shapeOf(then)].flatMap(([place, types]) => {
    const found = present.get(place)
    if (!found) return isAmongNothing(present, place) ? [] : [`${place} is missing`]
    return [...found]
      .filter((type) => type !== 'null' && !types.has(type) && !(types.has('null') && types.size === 1))
      .map((type) => `${place} is ${type}`)
  })
}

/** Whether the place is inside of a value that happens to be null, or of a list or map that happens to be empty. */
function isAmongNothing(shape: Shape, place: string): boolean {
  for (let end = place.lastIndexOf('/'); end >= 0; end = place.lastIndexOf('/', end - 1)) {
    const above = shape.get(place.slice(0, end))
    if (above) return above.has('null') || (place.startsWith('/*', end) && !shape.has(`${place.slice(0, end)}/*`))
  }
  return false
}
