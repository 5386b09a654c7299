import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Duration } from '../domain/ids.ts'
import { areSecrets } from './secret.ts'
import { accountSettings } from './settings/accounts.ts'
import { type BusConfig, busSettings } from './settings/bus.ts'
import { type DatabaseConfig, databaseSettings } from './settings/database.ts'
import { type FileConfig, fileSettings } from './settings/files.ts'
import { type PageConfig, pageSettings } from './settings/page.ts'
import { type PeopleConfig, peopleSettings } from './settings/people.ts'
import { pushSettings } from './settings/push.ts'
import { duration, oneOf, onOff, portRule, type Setting } from './settings/setting.ts'
import { type TraceConfig, traceSettings } from './settings/traces.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** All that an operator decides. */
export interface Config extends DatabaseConfig, BusConfig, FileConfig, PageConfig, PeopleConfig, TraceConfig {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Made at the first start and kept, where it is undefined. */
  readonly jwtSecret: string | undefined
  readonly accessTtl: Duration
  readonly refreshTtl: Duration
  readonly sessionTtl: Duration
  /** Where mail is sent; undefined: nowhere. */
  readonly mailUrl: string | undefined
  readonly mailFrom: string | undefined
  /** How many proxies in front are believed when they say whom they speak for. */
  readonly trustedProxies: number
  readonly rateLimits: boolean
  readonly directory: 'open' | 'exact'
  readonly demo: boolean
  /** Of push services besides the known ones. */
  readonly pushHosts: readonly string[]
  readonly pushContact: string | undefined
  readonly metricsToken: string | undefined
  /** Where metrics are served without a token, besides the main port; undefined: nowhere. */
  readonly metricsListen: { readonly host: string; readonly port: number } | undefined
  readonly logLevel: LogLevel
}

/** One setting that cannot be used. Says where it came from and what would do, never a secret's value. */
export interface Mistake {
  readonly setting: string
  readonly source: string
  readonly detail: string
  readonly example: string
}

/** Every setting: its variable, what it accepts, and what it means. */
export const settings: Readonly<Record<keyof Config, Setting>> = {
  host: {
    name: 'HOST',
    schema: z.string().regex(/^[^\s/]+$/, 'is a name or address of this machine'),
    fallback: '127.0.0.1',
    example: '0.0.0.0',
    meaning: 'The address to listen on. `0.0.0.0` is every interface.',
  },
  port: {
    name: 'PORT',
    schema: z
      .string()
      .regex(/^\d{1,5}$/, portRule)
      .transform(Number)
      .pipe(z.number().max(65_535, portRule)),
    fallback: '8000',
    example: '8000',
    meaning: 'The port to listen on. `0` is any free port.',
  },
  ...databaseSettings,
  ...busSettings,
  jwtSecret: {
    name: 'JWT_SECRET',
    schema: z.string().refine(areSecrets, 'has at least 32 bytes'),
    example: '"$(openssl rand -base64 32)"',
    meaning: 'Signs the tokens; at least 32 bytes. If absent, one is created at the first start and stored beside the data.',
    isSecret: true,
  },
  accessTtl: { name: 'ACCESS_TOKEN_TTL', schema: duration, fallback: '15m', example: '15m', meaning: 'How long an access token is valid.' },
  refreshTtl: {
    name: 'REFRESH_TOKEN_TTL',
    schema: duration,
    fallback: '30d',
    example: '30d',
    meaning: 'How long a session lasts without use: from its last refresh on.',
  },
  trustedProxies: {
    name: 'TRUST_PROXY',
    schema: z
      .string()
      .toLowerCase()
      .regex(/^(on|off|\d{1,2})$/, 'is off, on, or the number of proxies in front')
      .transform((text) => (text === 'on' ? 1 : text === 'off' ? 0 : Number(text))),
    fallback: 'off',
    example: 'on',
    meaning: 'The number of proxies in front whose `X-Forwarded-For` is believed; `on` is 1.',
  },
  ...pageSettings,
  rateLimits: { name: 'RATE_LIMITS', schema: onOff, fallback: 'on', example: 'off', meaning: '`off` lifts every limit below.' },
  directory: {
    name: 'DIRECTORY',
    schema: oneOf(['open', 'exact']),
    fallback: 'open',
    example: 'exact',
    meaning: '`open`: users are found by parts of their name. `exact`: by whole username or email only.',
  },
  demo: {
    name: 'DEMO',
    schema: onOff,
    fallback: 'off',
    example: 'on',
    meaning: '`on`: creates demo users, chats and messages at start, and allows guests.',
  },
  ...accountSettings,
  ...peopleSettings,
  ...fileSettings,
  ...pushSettings,
  ...traceSettings,
  metricsToken: {
    name: 'METRICS_TOKEN',
    schema: z.string().regex(/^[\x21-\x7e]+$/, 'is made of visible ASCII characters without blanks'),
    example: '"$(openssl rand -hex 16)"',
    meaning: 'The bearer token for `/metrics` on the main port; without one, the main port answers 404.',
    isSecret: true,
  },
  metricsListen: {
    name: 'METRICS_LISTEN',
    schema: z
      .string()
      .regex(/^(off|[^\s/]+:\d{1,5})$/i, 'is off, or a host and a port')
      .transform((text) => {
        const colon = text.lastIndexOf(':')
        return colon < 0 ? undefined : { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) }
      })
      .refine((at) => at === undefined || at.port <= 65_535, portRule),
    fallback: '127.0.0.1:9464',
    example: '127.0.0.1:9464',
    meaning: 'Where `/metrics` is served without a token: host and port, or `off`. A port that is taken costs a warning.',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    schema: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    fallback: 'info',
    example: 'debug',
    meaning: 'The lowest level that is logged. Requests are logged at `debug`.',
  },
}

/** All that are read, with those that name files. */
export const settingNames: readonly string[] = Object.values(settings).flatMap(({ name, isSecret }) =>
  isSecret ? [name, `${name}_FILE`] : [name],
)

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings, each from its variable or, where it is a secret, from the file that `NAME_FILE` names. An empty one counts as absent.
 * `given` comes from the command line and wins. All mistakes are told at once.
 */
export function readConfig(
  environment: Environment,
  given: Partial<Record<keyof Config, string>> = {},
): { config: Config } | { mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = []
  const values: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(settings) as [keyof Config, Setting][]) {
    const complain = (source: string, detail: string) => mistakes.push({ setting: setting.name, source, detail, example: setting.example })
    try {
      const { text, source } = lookUp(setting, environment, given[key])
      if (text === undefined) continue
      const parsed = setting.schema.safeParse(text)
      if (parsed.success) values[key] = parsed.data
      else complain(source, `${parsed.error.issues[0]!.message}${setting.isSecret ? '' : `, not ${JSON.stringify(text)}`}`)
    } catch (error) {
      complain(`${setting.name}_FILE`, `cannot be read: ${(error as Error).message}`)
    }
  }
  const config = { ...absent, ...values } as unknown as Config
  if (config.refreshTtl < config.accessTtl)
    mistakes.push({
      setting: 'REFRESH_TOKEN_TTL',
      source: 'environment',
      detail: 'is at least as long as ACCESS_TOKEN_TTL',
      example: settings.refreshTtl.example,
    })
  if (config.mailUrl !== undefined && config.mailFrom === undefined && !mistakes.some(({ setting }) => setting === 'MAIL_FROM'))
    mistakes.push({
      setting: 'MAIL_FROM',
      source: 'environment',
      detail: 'is needed with MAIL_URL',
      example: accountSettings.mailFrom.example,
    })
  return mistakes.length > 0 ? { mistakes } : { config }
}

const absent = Object.fromEntries(Object.keys(settings).map((name) => [name, undefined]))

function lookUp({ name, fallback, isSecret }: Setting, environment: Environment, given: string | undefined) {
  if (given !== undefined) return { text: given, source: 'command line' }
  const direct = environment[name]?.trim()
  if (direct) return { text: direct, source: 'environment' }
  const file = isSecret ? environment[`${name}_FILE`]?.trim() : undefined
  if (file) return { text: readFileSync(file, 'utf8').trim(), source: `file ${file}` }
  return { text: fallback, source: 'default' }
}

/** Settings as they are for a program that decides nothing. It listens nowhere but where it is told. */
export function defaultConfig(): Config {
  const read = readConfig({ METRICS_LISTEN: 'off' })
  if ('config' in read) return read.config
  throw new Error('defect: a default is wrong')
}

/** What an operator reads who has to mend the settings. */
export const describe = (mistakes: readonly Mistake[]): string =>
  [
    mistakes.length === 1 ? 'One setting cannot be used:' : `${mistakes.length} settings cannot be used:`,
    ...mistakes.map(({ setting, source, detail, example }) => `  ${setting} (${source}) ${detail}\n    for example: ${setting}=${example}`),
  ].join('\n')

export const processEnvironment = (): Environment => process.env
export const EX_CONFIG = 78 // Exit status of wrong settings, of sysexits.
