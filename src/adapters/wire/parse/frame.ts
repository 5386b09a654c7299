import { Refusal } from '../../../domain/refusal.ts'
import { type ClientFrame, type ClientFrameType, clientFrames, Ref } from '../frames.ts'
import type { WireCode } from '../problems.ts'
import { parse } from './parse.ts'

export type ParsedFrame =
  | { readonly frame: ClientFrame; readonly wrong?: undefined; readonly ref?: undefined; readonly type?: undefined }
  /** What is wrong, with the `ref` for the answer if the frame has one. */
  | {
      readonly wrong: Refusal | Extract<WireCode, 'bad-json' | 'unknown-type'>
      readonly ref: string | null
      /** The type of the frame, where it is known. */
      readonly type?: ClientFrameType
      readonly frame?: undefined
    }

/** Parses one text frame. Never throws. */
export function parseFrame(text: string): ParsedFrame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { wrong: 'bad-json', ref: null }
  }
  if (!isObject(value)) return { wrong: 'unknown-type', ref: null }
  const { type } = value
  if (!isKnown(type)) return { wrong: 'unknown-type', ref: refOf(value) }
  try {
    return { frame: parse(clientFrames[type].schema, value) }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { wrong: thrown, ref: refOf(value), type }
  }
}

const refOf = ({ ref }: Readonly<Record<string, unknown>>): string | null => Ref.safeParse(ref).data ?? null

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const isKnown = (type: unknown): type is ClientFrameType => typeof type === 'string' && Object.hasOwn(clientFrames, type)
