/** What each room is for, in a few words. A room without an entry is drawn with its name alone. */
export const purposes: Readonly<Record<string, string | undefined>> = {
  domain: 'What a chat is and what may happen in it: pure functions. Imports nothing.',
  application: 'Use cases and ports. No packages, no clock, no I/O of its own.',
  wire: 'The contract: schemas, tables of endpoints, frames and problems; OpenAPI and AsyncAPI are derived from them.',
  redis: 'connections',
  'mikro-orm': 'SQLite and Postgres',
  memory: 'a store without a database',
  auth: 'argon2, jose',
  metrics: 'Prometheus',
  tracing: 'OpenTelemetry',
  system: 'clock, randomness',
  http: 'calls, by Koa',
  ws: 'frames, by ws',
  bus: 'between processes',
  limits: 'rate limits',
  client: 'The typed client, for browsers and Node',
  contracts: 'contract kits',
  main: 'Composition root: settings, lifecycle, command line. Chooses the adapters; only the entries import it.',
  entries: 'What the package exports: windi-chat, /server, /client, /memory, /mikro-orm, /wire, …',
  web: 'The chat page',
}

/** What a floor holds, by the rooms on it. */
export const floors: readonly { readonly has: string; readonly title: string; readonly hint: string }[] = [
  { has: 'domain', title: 'Domain', hint: 'decisions' },
  { has: 'application', title: 'Application', hint: 'use cases' },
  { has: 'wire', title: 'Adapters', hint: 'technologies' },
  { has: 'http', title: 'Edges', hint: 'and the client' },
  { has: 'main', title: 'Programs', hint: 'service and page' },
  { has: 'entries', title: 'Package', hint: 'public entries' },
]
