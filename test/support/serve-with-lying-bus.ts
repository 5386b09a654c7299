import { redisBus } from '../../src/adapters/bus/redis.ts'
import { newId, random } from '../../src/adapters/system/random.ts'
import { readConfig } from '../../src/main/config.ts'
import { liveUntilSignal } from '../../src/main/lifecycle.ts'
import { logging } from '../../src/main/logging.ts'
import { createServer } from '../../src/main/server.ts'
import { lyingBus } from './lying-bus.ts'

/** The service as a process whose bus cannot be believed. */
const read = readConfig(process.env)
if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
const log = logging({ level: 'warn', isPretty: false, write: (line) => void process.stdout.write(line) })
const bus = redisBus({ url: read.config.redisUrl!, release: 'this', newId, random, warn: (message) => log.warn(message) })
const server = await createServer({ ...read.config, log, ports: { bus: lyingBus(bus, random) } })
process.exit(await liveUntilSignal(server, log).over)
