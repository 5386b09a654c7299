import type { Command } from 'commander'
import { stopwatch } from '../../adapters/system/clock.ts'
import { isRefusal } from '../../domain/refusal.ts'
import type { Context } from '../commands/context.ts'
import { isComplaint } from '../complaint.ts'
import { describe, EX_CONFIG, type Mistake, processEnvironment, readConfig } from '../config.ts'
import { terminal } from '../terminal.ts'

const EX_FAILED = 1

/** Declares a command with the options that all have. */
export type MakeCommand = (name: string, description: string, parent?: Command) => Command

interface CommonOptions {
  readonly json?: boolean
  readonly host?: string
  readonly port?: string
  readonly database?: string
}

/** Reads the settings, then loads and runs the work of a command; every way to fail ends in a message and an exit status. */
export const running =
  <O extends object, A extends readonly unknown[]>(load: () => Promise<(context: Context, options: O, ...args: A) => Promise<void>>) =>
  async (...line: unknown[]): Promise<void> => {
    const options = line.at(-2) as O & CommonOptions
    const args = line.slice(0, -2) as unknown as A
    const { host, port, database } = options
    const given = Object.entries({ host, port, databaseUrl: database }).filter(([, text]) => text !== undefined)
    const read = readConfig(processEnvironment(), Object.fromEntries(given))
    if ('mistakes' in read) return misconfigured(read.mistakes, options)
    try {
      const work = await load()
      await work({ config: read.config, terminal: terminal(options, stopwatch) }, options, ...args)
    } catch (error) {
      failed(error, options)
    }
  }

function misconfigured(mistakes: readonly Mistake[], { json }: CommonOptions): void {
  console.error(json ? JSON.stringify({ mistakes }) : describe(mistakes))
  process.exitCode = EX_CONFIG
}

function failed(error: unknown, { json }: CommonOptions): void {
  const { message, stack } = error as Error
  const facts = isRefusal(error) ? { code: error.code, ...error.facts } : { message }
  if (json) console.error(JSON.stringify({ error: facts }))
  else
    console.error(isRefusal(error) ? `Refused: ${reasons(error.facts) ?? error.code}` : isComplaint(error) ? message : (stack ?? message))
  process.exitCode = EX_FAILED
}

const reasons = (facts: object): string | undefined =>
  'errors' in facts
    ? (facts.errors as readonly { pointer: string; detail: string }[])
        .map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`)
        .join(', ')
    : undefined

/** Lets a command show a list page by page. */
export const paged = (command: Command): Command =>
  command.option('--limit <number>', 'items, at most (default: 50)').option('--cursor <cursor>', 'where the page before has ended')
