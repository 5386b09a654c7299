import { looks } from '../state/looks.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'
import type { Words } from './words.ts'

const DAY = 86_400_000
const words: Readonly<Record<string, Words>> = { en, ru }

/** The words' language, as it is written where the reader lives: 24 hours here, 12 there. */
export const localeOf = (language: string): string =>
  navigator.languages.find((tag) => tag.split('-')[0] === language && isLocale(tag)) ?? language

/** Some systems name languages that no standard knows, such as `en-US@posix`. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

const made = new Map<string, Intl.DateTimeFormat>()
function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { clock } = looks.get()
  if (clock !== 'auto' && ('hour' in options || 'timeStyle' in options))
    return formatAs(language, { ...options, hourCycle: clock === '24' ? 'h23' : 'h12' })
  return formatAs(language, options)
}

function formatAs(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options)
  const known = made.get(key) ?? new Intl.DateTimeFormat(localeOf(language), options)
  made.set(key, known)
  return known
}

/** Days since some day, by the clock on the wall. */
export function dayOf(at: number): number {
  const date = new Date(at)
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY)
}

/** Two digits for the hour where the day has 24 of them: “08:15”, “8:15 AM”. */
export function clockTime(language: string, at: number): string {
  const is12 = format(language, { hour: 'numeric' }).resolvedOptions().hour12 === true
  return format(language, { hour: is12 ? 'numeric' : '2-digit', minute: '2-digit' }).format(at)
}

export const fullTime = (language: string, at: number): string => format(language, { dateStyle: 'full', timeStyle: 'short' }).format(at)

const capital = (text: string, language: string) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1)

/** “Today”, “Yesterday”, “Wednesday”, “3 March”, “3 March 2024”. */
export function dayName(language: string, at: number, now = Date.now()): string {
  const ago = dayOf(now) - dayOf(at)
  if (ago === 0 || ago === 1) return capital(new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-ago, 'day'), language)
  if (ago > 1 && ago < 7) return capital(format(language, { weekday: 'long' }).format(at), language)
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(language, { day: 'numeric', month: 'long', ...(!isThisYear && { year: 'numeric' }) }).format(at)
}

/** For lists: the time today, the weekday this week, else the date. */
export function shortTime(language: string, at: number, now = Date.now()): string {
  const ago = dayOf(now) - dayOf(at)
  if (ago <= 0) return clockTime(language, at)
  if (ago < 7) return format(language, { weekday: 'short' }).format(at)
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(language, { day: 'numeric', month: 'short', ...(!isThisYear && { year: '2-digit' }) }).format(at)
}

/** “just now”, “5 minutes ago”, “yesterday”. */
export function timeAgo(language: string, at: number, now = Date.now()): string {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const minutes = Math.round((at - now) / 60_000)
  if (minutes >= 0) return (words[language] ?? en).times.justNow
  if (minutes > -60) return relative.format(minutes, 'minute')
  if (minutes > -24 * 60) return relative.format(Math.round(minutes / 60), 'hour')
  return relative.format(dayOf(at) - dayOf(now), 'day')
}

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** “30 seconds”, “5 minutes”, “1 hour”, “1 week”: in the longest unit that says it exactly. */
export function spanOf(language: string, seconds: number): string {
  const [unit, length] = UNITS.find((one) => seconds % one[1] === 0) ?? (['second', 1] as const)
  return new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length)
}
