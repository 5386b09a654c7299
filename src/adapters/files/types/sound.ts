import type { Examined } from '../../../application/ports/intake.ts'
import type { Source } from '../source.ts'

const MP3: Examined = { type: 'audio/mpeg', kind: 'audio' }

const BITRATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const RATES = [44_100, 48_000, 32_000]

/** The length of an MPEG frame of layer III in bytes; undefined if these four bytes begin none. */
function frameLength(head: Buffer): number | undefined {
  if (head.length < 4 || head[0] !== 0xff || (head[1]! & 0xe6) !== 0xe2) return undefined
  const version = (head[1]! >> 3) & 3
  const [bits, rate] = [head[2]! >> 4, RATES[(head[2]! >> 2) & 3]]
  if (version === 1 || rate === undefined || bits === 0 || bits === 15) return undefined
  const isFirst = version === 3
  const bitrate = (isFirst ? BITRATES : BITRATES_2)[bits]! * 1_000
  const frequency = rate / (isFirst ? 1 : version === 2 ? 2 : 4)
  return Math.floor(((isFirst ? 144 : 72) * bitrate) / frequency) + ((head[2]! >> 1) & 1)
}

/** MP3 without a tag: two frames, one behind the other. */
export async function mp3Frames(source: Source): Promise<Examined | undefined> {
  const first = frameLength(await source.read(0, 4))
  if (first === undefined) return undefined
  return frameLength(await source.read(first, 4)) === undefined ? undefined : MP3
}

export const mp3Tagged = async (): Promise<Examined> => MP3

const CODECS = ['OpusHead', '\x01vorbis', '\x7fFLAC', 'Speex   ']

/** Ogg with sound; undefined with pictures (Theora). */
export async function ogg(source: Source): Promise<Examined | undefined> {
  const head = (await source.read(0, 512)).toString('latin1')
  if (head.includes('\x80theora')) return undefined
  return CODECS.some((codec) => head.includes(codec)) ? { type: 'audio/ogg', kind: 'audio' } : undefined
}

export const wav = async (): Promise<Examined> => ({ type: 'audio/wav', kind: 'audio' })
