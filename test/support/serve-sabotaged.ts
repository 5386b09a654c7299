import { inProcessBuses } from '../../src/adapters/bus/in-process.ts'
import { newId } from '../../src/adapters/system/random.ts'
import type { OnCommit } from '../../src/application/ports/log.ts'
import { readConfig } from '../../src/main/config.ts'
import { liveUntilSignal } from '../../src/main/lifecycle.ts'
import { logging } from '../../src/main/logging.ts'
import { createServer } from '../../src/main/server.ts'
import { openStore } from '../../src/main/stores.ts'
import { type Sabotage, type Saboteur, saboteurs } from './saboteurs.ts'
import { sql } from './sql.ts'

/** The service as a process in which something is wrong: the argument names what. There is no bus, which could make up for it. */
const saboteur: Saboteur = saboteurs[process.argv[2] as Sabotage]
const read = readConfig(process.env)
if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
const { databaseUrl } = read.config
const log = logging({ level: 'warn', isPretty: false, write: (line) => void process.stdout.write(line) })
const store = await openStore({ databaseUrl, newId, warn: (message) => log.warn(message) })
await store.migrate()
let onCommit: OnCommit = () => {}
const kept = store.open((events) => onCommit(events))
const tools = {
  onCommit: (events: Parameters<OnCommit>[0]) => onCommit(events),
  random: Math.random,
  sql: (text: string) => sql(databaseUrl, text),
}
const { log: chatLog = kept.log, ...others } = saboteur.spoil(kept, tools)
const ports = {
  bus: inProcessBuses()(),
  log(hear: OnCommit) {
    onCommit = hear
    return chatLog
  },
  ...others,
}
const server = await createServer({ ...read.config, log, ports })
process.exit(await liveUntilSignal(server, log).over)
