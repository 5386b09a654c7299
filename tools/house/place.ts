import { ENTRIES, type Room } from './rooms.ts'
import { purposes } from './words.ts'

export interface Line {
  readonly text: string
  readonly isInner: boolean
}

export interface Box {
  readonly room: Room
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Below the name: the purpose of the room, then the rooms inside it. */
  readonly lines: readonly Line[]
}

type Point = readonly [x: number, y: number]

export interface Arrow {
  readonly start: Point
  readonly end: Point
}

export interface House {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
}

const LEFT = 138
const TOP = 24
const GAP = 14
/** Between two floors, where the arrows are. */
const STAIRS = 44
const CHARACTER = 6.3
const LINE = 16

/** Columns from left to right; a room that is not listed comes before the last one. */
const order = ['wire', 'redis', 'mikro-orm', 'memory', 'auth', 'metrics', 'system']
const last = ['contracts']
const wide = ['domain', 'application', 'main', ENTRIES]

/** Gives each room a place: those that stand on another one above it, those that others stand on below all of them. */
export function place(rooms: readonly Room[]): House {
  const spans = spansOf(rooms)
  const top = Math.max(...rooms.map(({ floor }) => floor))
  const textOf = (room: Room) => linesOf(room, spans.get(room.name)!.width - 20)
  const heights = Array.from({ length: top + 1 }, (_, floor) =>
    Math.max(...rooms.filter((room) => room.floor === floor).map((room) => 36 + textOf(room).length * LINE)),
  )
  const topOf = (floor: number): number => TOP + heights.slice(floor + 1).reduce((sum, height) => sum + height + STAIRS, 0)
  const boxes = rooms.map((room) => ({
    room,
    ...spans.get(room.name)!,
    y: topOf(room.floor),
    height: heights[room.floor]!,
    lines: textOf(room),
  }))
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + 24
  return { width, height: topOf(0) + heights[0]! + 24, boxes, arrows: arrowsOf(boxes) }
}

const innerText = ({ inner }: Room) => inner.join('\u00a0· ')
const linesOf = (room: Room, width: number): readonly Line[] => [
  ...wrapped(purposes[room.name] ?? '', width).map((text) => ({ text, isInner: false })),
  ...wrapped(innerText(room), width).map((text) => ({ text, isInner: true })),
]

interface Span {
  readonly x: number
  readonly width: number
}

function spansOf(rooms: readonly Room[]): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>()
  const byName = new Map(rooms.map((room) => [room.name, room]))
  const isUpper = ({ name }: Room) => wide.includes(name) || name === 'web'
  const base = ({ imports }: Room) => imports.find((name) => byName.get(name)!.floor === 2)
  const standing = rooms.filter((room) => !isUpper(room) && room.floor > 2 && base(room))
  const rank = ({ name }: Room) => (order.includes(name) ? order.indexOf(name) : last.includes(name) ? 99 : 50)
  const columns = rooms
    .filter((room) => !isUpper(room) && !standing.includes(room))
    .toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
  let x = LEFT
  for (const column of columns) {
    const above = standing.filter((room) => base(room) === column.name).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const from = x
    for (const room of above) {
      spans.set(room.name, { x, width: widthOf(room) })
      x += widthOf(room) + GAP
    }
    x = Math.max(x, from + widthOf(column) + GAP)
    // Where something above reaches past this room, it leaves space on both sides.
    const inset = above.some(({ imports }) => imports.length > 1) ? 64 : 0
    spans.set(column.name, { x: from + inset, width: x - from - GAP - 2 * inset })
  }
  const right = x - GAP
  const client = spans.get('client')!
  for (const name of ['domain', 'application']) spans.set(name, { x: LEFT, width: right - LEFT })
  const main = client.x + client.width - 44
  const end = spans.get('contracts')!.x - GAP
  for (const name of ['main', ENTRIES]) spans.set(name, { x: main, width: end - main })
  spans.set('web', { x: client.x, width: main - client.x - GAP })
  return spans
}

const widthOf = (room: Room) => Math.max(104, room.name.length * 10 + 24, innerText(room).length > 42 ? 214 : 0)

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter(Boolean)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && longer.length * CHARACTER <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

function arrowsOf(boxes: readonly Box[]): readonly Arrow[] {
  const byName = new Map(boxes.map((box) => [box.room.name, box]))
  const taken: number[] = []
  return boxes.flatMap((from) =>
    from.room.imports.map((name): Arrow => {
      const to = byName.get(name)!
      const x = straight(from, to, { boxes, taken })
      if (x !== undefined) taken.push(x)
      return {
        start: [x ?? from.x + from.width / 2, from.y + from.height],
        end: [x ?? to.x + to.width / 2, to.y],
      }
    }),
  )
}

/** Where an arrow can go straight down: through no other box, and not upon another arrow. The place nearest to the middle wins. */
function straight(
  from: Box,
  to: Box,
  { boxes, taken }: { readonly boxes: readonly Box[]; readonly taken: readonly number[] },
): number | undefined {
  const left = Math.max(from.x, to.x) + 14
  const right = Math.min(from.x + from.width, to.x + to.width) - 14
  const between = boxes.filter(({ y }) => y > from.y + 1 && y < to.y - 1)
  const isFree = (x: number) =>
    between.every((box) => x < box.x - 5 || x > box.x + box.width + 5) && taken.every((other) => Math.abs(other - x) > 9)
  const middle = from.width < to.width ? from.x + from.width / 2 : to.x + to.width / 2
  const places = Array.from({ length: Math.max(0, Math.floor((right - left) / 2) + 1) }, (_, i) => left + 2 * i)
  return places.filter(isFree).toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0]
}
