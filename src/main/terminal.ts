import { type Config, type Environment, processEnvironment } from './config.ts'
import { type Logger, logging } from './logging.ts'

/** How a command speaks: to a person, or to a program. */
export interface Terminal {
  readonly isJson: boolean
  /** The answer of the command: `text` for people, `value` for programs. Standard output holds nothing else. */
  answer(value: unknown, text: string): void
  /** How far long work is. Shown to people at a terminal only, and on standard error. */
  progress(what: string, done: number, total: number): void
  /** A log on standard error, or on standard output where it is what one wants to see. */
  logger(config: Pick<Config, 'logLevel'>, stream?: NodeJS.WriteStream): Logger
}

const TOLD_EVERY_MS = 100

export function terminal({ json }: { readonly json?: boolean | undefined }, clock: () => number): Terminal {
  const isJson = json === true
  const { stdout, stderr } = process
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    isJson,
    answer(value, text) {
      stdout.write(`${isJson ? JSON.stringify(value) : text}\n`)
    },
    progress(what, done, total) {
      const now = clock()
      const isLast = done === total
      if (isJson || !stderr.isTTY || (now - toldAt < TOLD_EVERY_MS && !isLast)) return
      toldAt = now
      stderr.write(
        `\r\x1b[K${what.padEnd(9)}${bar(done / total)} ${done.toLocaleString('en')} of ${total.toLocaleString('en')}${isLast ? '\n' : ''}`,
      )
    },
    logger({ logLevel }, stream = stderr) {
      const isPretty = !isJson && stream.isTTY
      return logging({ level: logLevel, isPretty, isColoured: mayColour(processEnvironment()), write: (line) => void stream.write(line) })
    },
  }
}

const bar = (share: number, width = 24) => '█'.repeat(Math.round(share * width)).padEnd(width, '░')

/** https://no-color.org */
const mayColour = ({ NO_COLOR, TERM }: Environment) => !NO_COLOR && TERM !== 'dumb'
