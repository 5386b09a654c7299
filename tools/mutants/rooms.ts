import { globSync } from 'node:fs'

/** A part of the code that is mutated by itself: what of it, which tests are asked, and how much of it they have to notice. */
export interface Room {
  readonly mutate: readonly string[]
  /** Tests that run in memory and within a second or two: every survivor runs all that reach it. */
  readonly tests: readonly string[]
  /** The databases that its tests use: memory, if it does not say. */
  readonly databases?: string
  readonly tsconfig: string
  /** The least share of mutants that are noticed. */
  readonly goal: number
}

const laws = '{log,log-model,history,replays,mentions,reacting,evolving,order,files,hooks}'

export const rooms: Readonly<Record<string, Room>> = {
  domain: {
    mutate: ['src/domain/**/*.ts'],
    tests: ['test/unit/{domain,application}/*.test.ts', 'test/contracts/memory.test.ts', `test/properties/${laws}.test.ts`],
    tsconfig: 'tsconfig.core.json',
    goal: 0.95,
  },
  application: {
    mutate: ['src/application/**/*.ts'],
    tests: [
      'test/unit/{application,domain}/*.test.ts',
      'test/unit/{limits/limited,bounds/server}.test.ts',
      'test/integration/ws/{asking,content,hearing,knowing,own-state,profiles,reacting}.test.ts',
      'test/integration/http/{accounts,backends,calls,consent,content,groups}.test.ts',
      'test/integration/http/{reactions,refusals,requests,storage,uploads}.test.ts',
      'test/contracts/{memory,history}.test.ts',
      'test/properties/{log,history,replays,reacting,hooks,feed,presence,pushing,unread}.test.ts',
    ],
    tsconfig: 'tsconfig.core.json',
    goal: 0.9,
  },
  http: {
    mutate: ['src/adapters/http/**/*.ts'],
    // What is generated without an end needs more tries than mutants get to come upon every answer.
    tests: ['test/integration/http/!(fuzz).test.ts', 'test/unit/http/*.test.ts'],
    tsconfig: 'tsconfig.json',
    goal: 0.85,
  },
  ws: {
    mutate: ['src/adapters/ws/**/*.ts'],
    tests: ['test/{unit,integration}/ws/*.test.ts'],
    tsconfig: 'tsconfig.json',
    goal: 0.85,
  },
  bus: {
    mutate: ['src/adapters/{bus,limits}/**/*.ts'],
    tests: ['test/unit/{bus,limits}/*.test.ts', 'test/contracts/bus.test.ts'],
    databases: 'memory,postgres,redis,nats',
    tsconfig: 'tsconfig.json',
    goal: 0.85,
  },
  lane: {
    mutate: ['src/adapters/mikro-orm/lane/*.ts'],
    tests: ['test/unit/mikro-orm/*.test.ts', 'test/contracts/{mikro-orm,failing-tables}.test.ts'],
    // Rounds and statements are what is said to Postgres.
    databases: 'sqlite,postgres',
    tsconfig: 'tsconfig.json',
    goal: 0.85,
  },
  log: {
    mutate: ['src/adapters/mikro-orm/log/{*,sqlite/*}.ts'],
    tests: [
      'test/unit/mikro-orm/*.test.ts',
      'test/contracts/{mikro-orm,history,failing-tables,erased,interrupted,unknown-kinds,odd-input}.test.ts',
      'test/properties/log.test.ts',
    ],
    databases: 'sqlite',
    tsconfig: 'tsconfig.json',
    goal: 0.85,
  },
  client: {
    // The effects of hooks run in a document: the tests in a browser hold them.
    mutate: ['src/client/**/*.ts', '!src/client/{testing,react}/**', '!src/client/react.ts'],
    tests: ['test/unit/client/!(size).test.ts', 'test/properties/{client,client-views,client-timeline}.test.ts'],
    tsconfig: 'tsconfig.client.json',
    goal: 0.85,
  },
}

export const testsOf = ({ tests }: Room): readonly string[] => tests.flatMap((glob) => globSync(glob)).toSorted()

/** The globs of a room that no file matches: what was moved would be left out without a word. */
export const emptyGlobs = ({ mutate, tests }: Pick<Room, 'mutate' | 'tests'>): readonly string[] =>
  [...mutate, ...tests].filter((glob) => !glob.startsWith('!') && globSync(glob).length === 0)
