import { localeOf } from '../i18n/times.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** A number of bytes in words, such as “1.2 MB”. */
export function sizeWords(language: string, bytes: number): string {
  const step = Math.min(UNITS.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const format = { style: 'unit', unit: UNITS[step]!, unitDisplay: 'short', maximumFractionDigits: step < 2 ? 0 : 1 } as const
  return new Intl.NumberFormat(localeOf(language), format).format(bytes / 1_000 ** step)
}

/** A length of time as players show it, such as “1:05”. */
export function durationWords(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
