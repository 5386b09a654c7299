import { monitorEventLoopDelay } from 'node:perf_hooks'
import { built } from '../measure/built.ts'
import { answering } from '../measure/child.ts'

export interface StartFiles {
  readonly databaseUrl: string
  readonly jwtSecret: string
  readonly folder: string
}

/** What a process was seen to do: MiB above what it had before, and the longest time in which it did nothing else, in milliseconds. */
export interface Seen {
  readonly mebibytes: number
  readonly stallMs: number
}

const EVERY_MS = 20
const MIB = 1_048_576

/** The whole service, which keeps files in a folder, in a process of its own. */
const { createServer } = await built('server')
const delays = monitorEventLoopDelay({ resolution: 5 })
let timer: NodeJS.Timeout | undefined
let before = 0
let most = 0

answering({
  start: async ({ databaseUrl, jwtSecret, folder }: StartFiles) => {
    const files = { kind: 'folder', folder } as const
    const server = await createServer({ databaseUrl, jwtSecret, port: 0, rateLimits: false, files })
    return new URL(server.url).port
  },
  watch() {
    globalThis.gc!()
    before = most = process.memoryUsage.rss()
    delays.reset()
    delays.enable()
    timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss())
    }, EVERY_MS)
  },
  seen(): Seen {
    clearInterval(timer)
    delays.disable()
    return { mebibytes: (most - before) / MIB, stallMs: delays.max / 1e6 }
  },
})
