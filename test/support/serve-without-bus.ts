import { inProcessBuses } from '../../src/adapters/bus/in-process.ts'
import { readConfig } from '../../src/main/config.ts'
import { liveUntilSignal } from '../../src/main/lifecycle.ts'
import { logging } from '../../src/main/logging.ts'
import { createServer } from '../../src/main/server.ts'

/** The service as a process in which nobody is told anything by others: whatever they do is found by looking. */
const read = readConfig(process.env)
if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
const log = logging({ level: 'warn', isPretty: false, write: (line) => void process.stdout.write(line) })
const server = await createServer({ ...read.config, log, ports: { bus: inProcessBuses()() } })
process.exit(await liveUntilSignal(server, log).over)
