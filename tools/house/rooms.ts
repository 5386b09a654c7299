/** One import between two source files, as paths from the root of the project. */
export interface Import {
  readonly from: string
  readonly to: string
}

export interface Room {
  readonly name: string
  readonly inner: readonly string[]
  /** The lowest floor is 0. A room stands above all rooms that it imports. */
  readonly floor: number
  /** The rooms it imports, without those that are reached through another one of them. */
  readonly imports: readonly string[]
}

/** Adapters stand above the application even where they import nothing of it, such as a connection to Redis. */
const LOWEST_ADAPTER = 2
const ADAPTERS = 'src/adapters/'
export const ENTRIES = 'entries'

/** The rooms of the house with their floors, computed from the imports. Throws if rooms import each other in a circle. */
export function roomsOf(files: readonly string[], imports: readonly Import[]): readonly Room[] {
  const names = [...new Set(files.map(roomOf))].toSorted()
  const arrows = new Map(names.map((name) => [name, new Set<string>()]))
  for (const { from, to } of imports) if (/^(src|web)\//.test(to) && roomOf(from) !== roomOf(to)) arrows.get(roomOf(from))!.add(roomOf(to))
  const floors = floorsOf(arrows, new Set(files.filter((file) => file.startsWith(ADAPTERS)).map(roomOf)))
  return names.map((name) => ({
    name,
    inner: [...new Set(files.filter((file) => roomOf(file) === name).flatMap((file) => innerOf(file)))].toSorted(),
    floor: floors.get(name)!,
    imports: direct(name, arrows),
  }))
}

/** `src/adapters/http/app.ts` lies in `http`, `src/domain/ids.ts` in `domain`, `src/index.ts` among the entries. */
function roomOf(file: string): string {
  const [top, second, third] = file.split('/')
  if (top !== 'src') return top!
  if (second!.endsWith('.ts')) return ENTRIES
  return second === 'adapters' ? third! : second!
}

function innerOf(file: string): string[] {
  const inside = file.split('/').slice(file.startsWith(ADAPTERS) ? 3 : file.startsWith('src/') ? 2 : 1)
  return inside.length > 1 ? [inside[0]!] : []
}

type Arrows = ReadonlyMap<string, ReadonlySet<string>>

function floorsOf(arrows: Arrows, adapters: ReadonlySet<string>): ReadonlyMap<string, number> {
  const floors = new Map<string, number>()
  const floorOf = (name: string, above: readonly string[]): number => {
    if (above.includes(name))
      throw new Error(`Rooms import each other in a circle: ${[...above.slice(above.indexOf(name)), name].join(' → ')}`)
    const known = floors.get(name)
    if (known !== undefined) return known
    const below = [...arrows.get(name)!].map((each) => floorOf(each, [...above, name]))
    const floor = Math.max(adapters.has(name) ? LOWEST_ADAPTER : 0, ...below.map((each) => each + 1))
    floors.set(name, floor)
    return floor
  }
  for (const name of arrows.keys()) floorOf(name, [])
  return floors
}

function direct(name: string, arrows: Arrows): readonly string[] {
  const reachable = (from: string): readonly string[] => [...arrows.get(from)!].flatMap((each) => [each, ...reachable(each)])
  const implied = new Set([...arrows.get(name)!].flatMap(reachable))
  return [...arrows.get(name)!].filter((each) => !implied.has(each)).toSorted()
}
