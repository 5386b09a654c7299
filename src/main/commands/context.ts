import { complaint } from '../complaint.ts'
import type { Config } from '../config.ts'
import type { Terminal } from '../terminal.ts'

/** What a command is given: its settings, and how to speak. */
export interface Context {
  readonly config: Config
  readonly terminal: Terminal
}

/** A number that the command line gave. */
export function wholeNumber(option: string, text: string | undefined, most: number, least = 0): number | undefined {
  if (text === undefined) return undefined
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw complaint(`${option} is a number from ${least} to ${most.toLocaleString('en')}, not ${JSON.stringify(text)}`)
}
