import { createReadStream } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Scan } from '../../application/ports/scan.ts'
import type { Duration } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'

export interface ClamdOptions {
  readonly host: string
  readonly port: number
  /** Without a byte from the scanner for this long, it counts as unreachable. */
  readonly patienceMs?: Duration
  readonly warn: (message: string) => void
}

/** Asks a clamd over TCP (clamd(8), INSTREAM). */
export function clamdScan({ host, port, patienceMs = 60_000, warn }: ClamdOptions): Scan {
  return async ({ path }) => {
    const verdict = await ask(path).catch((error: Error) => error.message)
    if (verdict === 'stream: OK') return 'clean'
    if (verdict.endsWith(' FOUND')) return 'refused'
    warn(`The malware scanner did not answer: ${verdict || 'the connection was closed'}`)
    throw new Refusal('overloaded')
  }

  async function ask(path: string): Promise<string> {
    const socket = connect({ host, port })
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('no answer in time')))
    try {
      const [verdict] = await Promise.all([answer(socket), pipeline(framed(path), socket, { end: false })])
      return verdict
    } finally {
      socket.destroy()
    }
  }
}

/** Every chunk behind its length, an empty one at the end. */
async function* framed(path: string): AsyncGenerator<Buffer> {
  yield Buffer.from('zINSTREAM\0')
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    yield lengthOf(chunk.length)
    yield chunk
  }
  yield lengthOf(0)
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

async function answer(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1')
    const end = text.indexOf('\0')
    if (end >= 0) return text.slice(0, end).trim()
    if (text.length > 4_096) break
  }
  return text.trim()
}
