import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A TCP port of this machine that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface TempFolder extends AsyncDisposable {
  readonly path: string
  remove(): Promise<void>
}

/** An empty folder of one's own. It is gone after `remove()`, at the end of `await using`, and at the latest when the process ends. */
export async function tempFolder(name = 'windi-chat'): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`))
  const forget = atExit(() => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))
  const remove = async () => {
    forget()
    await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  return { path, remove, [Symbol.asyncDispose]: remove }
}

const atTheEnd = new Set<() => unknown>()

/** Runs `cleanUp` when the process ends, by itself or by a signal, the latest first. Returns how to call it off. */
export function atExit(cleanUp: () => unknown): () => void {
  if (atTheEnd.size === 0) {
    process.on('exit', runAll)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave)
  }
  atTheEnd.add(cleanUp)
  return () => {
    atTheEnd.delete(cleanUp)
    if (atTheEnd.size > 0) return
    process.off('exit', runAll)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave)
  }
}

function runAll() {
  for (const cleanUp of [...atTheEnd].reverse()) cleanUp()
  atTheEnd.clear()
}

/** Somebody else who listens to the signal also decides when to leave. */
function leave(signal: NodeJS.Signals) {
  if (process.listenerCount(signal) === 1) process.exit(signal === 'SIGINT' ? 130 : 143)
}
