import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { Journal } from '../application/ports/journal.ts'
import type { LogLevel } from './config.ts'

export type { Logger } from 'pino'

/** Members of logged objects that are never written, wherever they come from. */
const secrets = [
  'password',
  'current_password',
  'new_password',
  'token',
  'access_token',
  'refresh_token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'text',
  'email',
]
const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

export interface LoggingOptions {
  readonly level: LogLevel
  /** For a person at a terminal, instead of JSON for a machine. */
  readonly isPretty: boolean
  readonly isColoured?: boolean
  readonly write: (line: string) => void
}

/** One line for each thing that happened. Neither secrets nor what people write to each other are among them. */
export function logging({ level, isPretty, isColoured = false, write }: LoggingOptions): Logger {
  const destination: DestinationStream = { write: isPretty ? (line) => write(readable(line, isColoured)) : write }
  return pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, redact: { paths, censor: '…' }, serializers: { err: briefly } },
    destination,
  )
}

export const silent = (): Logger => pino({ level: 'silent' })

/** The security log: one line for each event, at `info`, under the member `security`. */
export const journal = (log: Pick<Logger, 'info'>): Journal => ({
  note({ event, outcome, userId, sessionId, requestId, ...rest }) {
    log.info({ security: event, outcome, user_id: userId, session_id: sessionId, request_id: requestId, ...rest }, 'Security event')
  },
})

/** An error without the fields that drivers hang on it: statements, parameters, rows. */
function briefly(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const { code } = error as { code?: unknown }
  return { name, message, code, stack, ...(cause === undefined ? {} : { cause: briefly(cause) }) }
}

const names: Readonly<Record<number, readonly [string, number]>> = {
  10: ['trace', 90],
  20: ['debug', 90],
  30: ['info', 32],
  40: ['warn', 33],
  50: ['error', 31],
  60: ['fatal', 31],
}

/** `12:34:56.789 info  message  name=value …`, and the stack of an error below it. */
function readable(line: string, isColoured: boolean): string {
  const { level, time, msg = '', err, ...rest } = JSON.parse(line) as Record<string, unknown> & { level: number; time: string }
  const [name, colour] = names[level] ?? ['info', 32]
  const paint = (text: string, code: number) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text)
  const facts = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const stack = (err as { stack?: string } | undefined)?.stack
  const head = [paint(time.slice(11, 23), 90), paint(name.padEnd(5), colour), String(msg), paint(facts.join(' '), 90)]
    .filter(Boolean)
    .join(' ')
  return `${head}\n${stack ? `${stack.replace(/^/gm, '    ')}\n` : ''}`
}
