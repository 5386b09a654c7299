import type { Examined } from '../../../application/ports/intake.ts'
import type { Source } from '../source.ts'

/** Elements that are looked at, at most. */
const MOST_ELEMENTS = 64

interface Element {
  readonly id: number
  readonly start: number
  readonly end: number
}

const DOCUMENT_TYPE = 0x42_82
const SEGMENT = 0x18_53_80_67
const TRACKS = 0x16_54_ae_6b
const TRACK = 0xae
const TRACK_TYPE = 0x83
const VIDEO = 0xe0
const PIXEL_WIDTH = 0xb0
const PIXEL_HEIGHT = 0xba

interface Budget {
  elements: number
}

/** The elements within a range (RFC 8794); one of unknown length goes to the end. */
async function* elements(source: Source, within: Pick<Element, 'start' | 'end'>, budget: Budget): AsyncGenerator<Element> {
  for (let offset = within.start; offset < within.end && budget.elements > 0; budget.elements--) {
    const head = await source.read(offset, 12)
    const id = head.length < 2 ? undefined : vint(head, 0, { keepsMark: true })
    const size = id && vint(head, id.length, { keepsMark: false })
    if (!id || !size) return
    const start = offset + id.length + size.length
    const end = size.isUnknown ? within.end : Math.min(start + size.value, within.end)
    yield { id: id.value, start, end }
    offset = size.isUnknown ? within.end : start + size.value
  }
}

/** A number whose first set bit tells its length. */
function vint(bytes: Buffer, at: number, { keepsMark }: { readonly keepsMark: boolean }) {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  if (first === 0 || at + length > bytes.length) return undefined
  let value = keepsMark ? first : first & (0xff >> length)
  let isUnknown = value === 0xff >> length
  for (let i = 1; i < length; i++) {
    value = value * 256 + bytes[at + i]!
    isUnknown &&= bytes[at + i] === 0xff
  }
  return { value, length, isUnknown }
}

const numberIn = async (source: Source, { start, end }: Element) => {
  const bytes = await source.read(start, Math.min(end - start, 6))
  return bytes.length === 0 ? 0 : bytes.readUIntBE(0, bytes.length)
}

async function child(source: Source, within: Pick<Element, 'start' | 'end'>, id: number, budget: Budget): Promise<Element | undefined> {
  for await (const element of elements(source, within, budget)) if (element.id === id) return element
  return undefined
}

/** WebM with pictures or with sound alone; undefined for other documents in EBML. */
export async function webm(source: Source): Promise<Examined | undefined> {
  const budget = { elements: MOST_ELEMENTS }
  let isWebm = false
  for await (const element of elements(source, { start: 0, end: source.size }, budget)) {
    if (element.id === EBML) {
      const type = await child(source, element, DOCUMENT_TYPE, budget)
      isWebm = type !== undefined && (await source.read(type.start, 4)).toString('latin1') === 'webm'
    }
    if (element.id === SEGMENT) return isWebm ? tracksIn(source, element, budget) : undefined
  }
  return undefined
}

const EBML = 0x1a_45_df_a3

async function tracksIn(source: Source, segment: Element, budget: Budget): Promise<Examined | undefined> {
  const tracks = await child(source, segment, TRACKS, budget)
  if (!tracks) return undefined
  let hasSound = false
  for await (const track of elements(source, tracks, budget)) {
    if (track.id !== TRACK) continue
    const type = await child(source, track, TRACK_TYPE, budget)
    const kind = type && (await numberIn(source, type))
    if (kind === 1) return { type: 'video/webm', kind: 'video', ...(await sizeIn(source, track, budget)) }
    hasSound ||= kind === 2
  }
  return hasSound ? { type: 'audio/webm', kind: 'audio' } : undefined
}

async function sizeIn(source: Source, track: Element, budget: Budget) {
  const video = await child(source, track, VIDEO, budget)
  const width = video && (await child(source, video, PIXEL_WIDTH, budget))
  const height = video && (await child(source, video, PIXEL_HEIGHT, budget))
  if (!width || !height) return {}
  return { width: await numberIn(source, width), height: await numberIn(source, height) }
}
