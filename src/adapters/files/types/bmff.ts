import type { Examined } from '../../../application/ports/intake.ts'
import type { Source } from '../source.ts'

/** A box of an ISO base media file (ISO/IEC 14496-12): its type and where its content begins and ends. */
interface Box {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** Boxes that are looked at, at most, and bytes that are read for them. */
const MOST_BOXES = 64

interface Budget {
  boxes: number
}

async function* boxes(source: Source, { start, end }: Pick<Box, 'start' | 'end'>, budget: Budget): AsyncGenerator<Box> {
  for (let offset = start; offset + 8 <= end && budget.boxes > 0; budget.boxes--) {
    const head = await source.read(offset, 16)
    if (head.length < 8) return
    const short = head.readUInt32BE(0)
    const isLong = short === 1 && head.length === 16
    const size = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? end - offset : short
    if (size < (isLong ? 16 : 8)) return
    yield { type: head.toString('latin1', 4, 8), start: offset + (isLong ? 16 : 8), end: Math.min(offset + size, end) }
    offset += size
  }
}

/** The first box at the end of a path of types. */
async function find(
  source: Source,
  within: Pick<Box, 'start' | 'end'>,
  [type, ...rest]: readonly string[],
  budget: Budget,
): Promise<Box | undefined> {
  for await (const box of boxes(source, within, budget)) {
    if (box.type !== type) continue
    if (rest.length === 0) return box
    const skipped = VERSIONED.has(type) ? 4 : 0
    return find(source, { start: box.start + skipped, end: box.end }, rest, budget)
  }
  return undefined
}

/** Boxes whose content begins with version and flags. */
const VERSIONED: ReadonlySet<string> = new Set(['meta'])

const whole = (source: Source) => ({ start: 0, end: source.size })

/** A picture in AVIF, or a film or sound; undefined for other uses of the same container, HEIC for example. */
export async function bmff(source: Source): Promise<Examined | undefined> {
  const brands = await brandsOf(source)
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return avif(source)
  if (brands.length === 0 || PICTURES.has(brands[0]!)) return undefined
  return film(source)
}

const PICTURES: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'hevc',
  'hevx',
  'heim',
  'heis',
  'hevm',
  'hevs',
  'mif1',
  'msf1',
  'crx ',
  'jp2 ',
  'jxl ',
])

async function brandsOf(source: Source): Promise<readonly string[]> {
  const head = await source.read(0, 8)
  const length = Math.min(head.readUInt32BE(0), 256)
  const text = (await source.read(8, length - 8)).toString('latin1')
  return (text.match(/[\s\S]{4}/g) ?? []).filter((_, i) => i !== 1)
}

async function avif(source: Source): Promise<Examined> {
  const size = await find(source, whole(source), ['meta', 'iprp', 'ipco', 'ispe'], { boxes: MOST_BOXES })
  const numbers = size && (await source.read(size.start + 4, 8))
  const sized = numbers?.length === 8 ? { width: numbers.readUInt32BE(0), height: numbers.readUInt32BE(4) } : {}
  return { type: 'image/avif', kind: 'image', ...sized }
}

async function film(source: Source): Promise<Examined | undefined> {
  const budget = { boxes: MOST_BOXES }
  const moov = await find(source, whole(source), ['moov'], budget)
  if (!moov) return undefined
  let hasSound = false
  for await (const trak of boxes(source, moov, budget)) {
    if (trak.type !== 'trak') continue
    const handler = await find(source, trak, ['mdia', 'hdlr'], budget)
    const kind = handler && (await source.read(handler.start + 8, 4)).toString('latin1')
    if (kind === 'vide') return { type: 'video/mp4', kind: 'video', ...(await sizeOf(source, trak, budget)) }
    hasSound ||= kind === 'soun'
  }
  return hasSound ? { type: 'audio/mp4', kind: 'audio' } : undefined
}

/** The size in the header of a track, which is 16.16 fixed point at its end; on its side if the matrix says so. */
async function sizeOf(source: Source, trak: Box, budget: Budget) {
  const header = await find(source, trak, ['tkhd'], budget)
  const bytes = header && (await source.read(header.end - 44, 44))
  if (bytes?.length !== 44) return {}
  const [width, height] = [bytes.readUInt32BE(36) >>> 16, bytes.readUInt32BE(40) >>> 16]
  if (width === 0 || height === 0) return {}
  const isTurned = bytes.readInt32BE(0) === 0 && bytes.readInt32BE(4) !== 0
  return isTurned ? { width: height, height: width } : { width, height }
}
