import { z } from 'zod'
import { isUrl, type Setting } from './setting.ts'

/** Where everything is kept. */
export interface DatabaseConfig {
  /** `sqlite:…`, `postgres://…`, or `memory:` for what lives and dies with the process. */
  readonly databaseUrl: string
  /** The schema of Postgres in which the tables are; undefined: where the connection looks by itself. */
  readonly databaseSchema: string | undefined
  /** What the names of the tables in a SQLite file begin with. */
  readonly databasePrefix: string | undefined
}

/** Where the tables are within the database. */
export const tablesOf = ({ databaseSchema: schema, databasePrefix: prefix }: Omit<DatabaseConfig, 'databaseUrl'>) => ({ schema, prefix })

/** What opens the store of the settings. */
export const databaseOf = (config: DatabaseConfig) => ({ databaseUrl: config.databaseUrl, tables: tablesOf(config) })

function isDatabaseUrl(text: string): boolean {
  if (text === 'memory:') return true
  if (text.startsWith('sqlite:')) return /^sqlite:(:memory:|[^:\0].*)$/.test(text)
  return isUrl(text, /^postgres(ql)?:\/\/./)
}

const nameOf = (limit: number) =>
  z.string().regex(new RegExp(`^[A-Za-z_][A-Za-z0-9_]{0,${limit - 1}}$`), `is a name of letters, digits and underscores, at most ${limit}`)

/** Settings of the database. */
export const databaseSettings = {
  databaseUrl: {
    name: 'DATABASE_URL',
    schema: z.string().refine(isDatabaseUrl, 'is sqlite:PATH, sqlite::memory: or postgres://USER@HOST/NAME'),
    fallback: 'sqlite:data/windi-chat.db',
    example: 'postgres://windi@localhost:5432/windi',
    meaning: '`sqlite:FILE`, `postgres://…`, or `memory:`, which loses everything when the process ends.',
    isSecret: true,
  },
  databaseSchema: {
    name: 'DATABASE_SCHEMA',
    schema: nameOf(40),
    example: 'windi_chat',
    meaning: 'The schema of Postgres in which the tables are, beside tables of yours. `windi_chat` is that of `database({ pool })`.',
  },
  databasePrefix: {
    name: 'DATABASE_PREFIX',
    schema: nameOf(20),
    example: 'windi_',
    meaning:
      'What the names of the tables in a SQLite file begin with, beside tables of yours. `windi_` is that of `database({ sqlite })`.',
  },
} satisfies Readonly<Record<string, Setting>>
