import { z } from 'zod'
import type { Duration } from '../../domain/ids.ts'

/** One setting: its variable, what it accepts, and what it means. */
export interface Setting {
  readonly name: string
  readonly schema: z.ZodType
  readonly fallback?: string
  readonly example: string
  /** For the documents. */
  readonly meaning: string
  readonly isSecret?: boolean
}

const UNITS: Readonly<Record<string, Duration>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export const duration = z.string().transform((text, check) => {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? []
  const ms = Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (ms >= 1_000 && ms <= 3_650 * UNITS.d!) return ms
  check.addIssue('is a length of time from 1s to 3650d: a number and ms, s, m, h or d')
  return z.NEVER
})

export const onOff = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['on', 'off'], 'is on or off'))
  .transform((text) => text === 'on')

export const portRule = 'is a number from 0 to 65535'
/** What a text lists, separated by commas or blanks. */
export const listed = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

export const isOrigin = (text: string) => text === '*' || (URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text)
export const isUrl = (text: string, protocols: RegExp) => protocols.test(text) && URL.canParse(text)
export const oneOf = <const T extends readonly string[]>(names: T) =>
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(names, `is one of ${names.join(', ')}`))
