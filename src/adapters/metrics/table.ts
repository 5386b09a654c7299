/** What one metric is. */
interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels?: readonly string[]
  /** Of a histogram; durations in seconds unless given. */
  readonly buckets?: readonly number[]
  /** Where it is shown; everywhere unless given. */
  readonly where?: string
}

/** Before every name that is not of the process or of Node itself. */
export const PREFIX = 'windi_chat_'
export const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Every metric of the service. No label holds anything that a user chose, so that there are only so many of each. */
export const metricTable = {
  build_info: { kind: 'gauge', help: 'What runs; always 1', labels: ['version', 'node', 'store'] },
  ready: { kind: 'gauge', help: '1 if work is taken: not draining, and the database does what it is asked' },

  http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Requests over HTTP, by operation and status',
    labels: ['operation', 'status'],
  },
  requests_under_way: { kind: 'gauge', help: 'Requests over HTTP that are being answered' },
  call_duration_seconds: {
    kind: 'histogram',
    help: 'Calls of the chat API, over HTTP and sockets alike, by name and outcome',
    labels: ['call', 'outcome'],
  },
  refusals_total: {
    kind: 'counter',
    help: 'Refusals by their code, of calls and of what was refused before it became one',
    labels: ['code'],
  },
  passwords_waiting: { kind: 'gauge', help: 'Passwords that wait to be hashed' },

  ws_connections: { kind: 'gauge', help: 'Open sockets' },
  ws_closed_total: { kind: 'counter', help: 'Sockets that were closed, by code', labels: ['code'] },
  ws_slow_readers: { kind: 'gauge', help: 'Sockets whose readers are behind' },
  ws_waiting_bytes: { kind: 'gauge', help: 'What waits for slow readers' },
  ws_gaps_total: { kind: 'counter', help: 'Gaps that slow readers were told of' },
  resumes_total: {
    kind: 'counter',
    help: 'Resumes by outcome: whole (every chat is named), moved (only what moved), reset (the store is another), closed (the socket has gone), or the code of a refusal',
    labels: ['outcome'],
  },
  delivery_delay_seconds: {
    kind: 'histogram',
    help: 'From the time of an event to its delivery to the readers here, by the clocks of both processes',
    buckets: [...DURATIONS, 60, 600],
  },

  changes_waiting: { kind: 'gauge', help: 'Changes that wait for a commit or are in one' },
  change_duration_seconds: { kind: 'histogram', help: 'From asking for a change to its commit or refusal' },
  commits_total: { kind: 'counter', help: 'Batches that were committed, of one event or more' },
  commit_events: { kind: 'histogram', help: 'Events in one commit', buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256] },
  events_committed_total: { kind: 'counter', help: 'Events of all kinds', labels: ['type'] },
  messages_sent_total: { kind: 'counter', help: 'Messages that were committed, replays not counted' },
  database_connections: { kind: 'gauge', help: 'Connections of the pool for reading', where: 'Postgres' },
  database_connections_idle: { kind: 'gauge', help: 'Those of them that do nothing', where: 'Postgres' },
  database_waiting: { kind: 'gauge', help: 'Statements that wait for a connection of the pool', where: 'Postgres' },
  database_searches_waiting: {
    kind: 'gauge',
    help: 'Statements of searches that wait for one of their connections',
    where: 'Postgres',
  },
  database_wal_bytes: { kind: 'gauge', help: 'Size of the log in front of the SQLite file', where: 'SQLite' },
  disk_free_bytes: { kind: 'gauge', help: 'What the disk with the database has left', where: 'SQLite' },

  bus_connected: { kind: 'gauge', help: '1 if other processes can be reached, or there is no bus to lose' },
  bus_lost_total: { kind: 'counter', help: 'Messages that were not brought to other processes, which find out by themselves' },
  feed_repairs_total: {
    kind: 'counter',
    help: 'Times the log was read because something had not been announced: repaired, needless (all was there by then), failed',
    labels: ['outcome'],
  },
  feed_repaired_events_total: { kind: 'counter', help: 'Events that were found so' },

  relay_consumers: {
    kind: 'gauge',
    help: 'Webhooks, followers and pushes by state: ok, failing (nothing is acknowledged), off; the same in every process',
    labels: ['kind', 'state'],
  },
  relay_waiting_events: {
    kind: 'gauge',
    help: 'Events that wait to be delivered, as last reported; the same in every process',
    labels: ['kind'],
  },
  relay_failing_seconds: {
    kind: 'gauge',
    help: 'For how long the one that fails longest has acknowledged nothing; the same in every process',
    labels: ['kind'],
  },
  relay_attempts_total: {
    kind: 'counter',
    help: 'Deliveries attempted here: done, moved (with its cursor), again, later (the store was away), never, gone (switched off)',
    labels: ['kind', 'outcome'],
  },
  relayed_events_total: { kind: 'counter', help: 'Events in these attempts', labels: ['kind', 'outcome'] },
  relay_given_up_total: { kind: 'counter', help: 'Ranges of events that were given up here', labels: ['kind'] },
  relay_delay_seconds: {
    kind: 'histogram',
    help: 'From the time of the last event of a delivery to its acknowledgement',
    labels: ['kind'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 86_400],
  },
  pushes_total: {
    kind: 'counter',
    help: 'Notifications by what they say (message, read) and what became of them: sent, gone (the subscription has ended), failed',
    labels: ['type', 'outcome'],
  },
  mails_total: {
    kind: 'counter',
    help: 'Mails by kind and what became of them: sent, needless (no reason any longer), failed (tried again), given-up',
    labels: ['kind', 'outcome'],
  },
  mails_waiting: { kind: 'gauge', help: 'Mails that wait to be sent; the same in every process' },

  chores_total: { kind: 'counter', help: 'Rounds of what is done now and then', labels: ['chore', 'outcome'] },
  chore_last_success_timestamp_seconds: { kind: 'gauge', help: 'When each of them last went well', labels: ['chore'] },
} as const satisfies Readonly<Record<string, Metric>>

type Table = typeof metricTable
export type MetricName = keyof Table
export type NamesOf<K extends Metric['kind']> = { [N in MetricName]: Table[N]['kind'] extends K ? N : never }[MetricName]
export type LabelsOf<N extends MetricName> = Table[N] extends { readonly labels: readonly (infer L extends string)[] } ? L : never
export const metricNames = Object.keys(metricTable) as readonly MetricName[]
export const rowOf = (name: MetricName): Metric => metricTable[name]
