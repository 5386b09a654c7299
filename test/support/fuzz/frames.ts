import { closes } from '../../../src/adapters/wire/closes.ts'
import { connect, type SocketClient } from '../socket-client.ts'
import { eventually } from '../waiting.ts'
import { type Chance, chance as chanceOf } from './chance.ts'
import type { Fault, Fuzzed } from './http.ts'
import { newScene, type Standing } from './scene.ts'
import { type Making, type Schema, valueOf } from './values.ts'

/** As far as it is read. */
export interface AsyncApi {
  readonly operations: Readonly<Record<string, { readonly action: string; readonly messages: readonly { readonly $ref: string }[] }>>
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly payload: Schema }>>
    readonly schemas: Readonly<Record<string, Schema>>
  }
}

/** Of one socket. */
const FRAMES = 60
const FAULTS_MAX = 20
/** What tells the client what it did wrong, or what became of its session; 1000 and 1005 are the client's own. */
const CLOSES = new Set([1000, 1005, ...Object.keys(closes).map(Number)].filter((code) => code !== 4000 && code !== 4002))

/**
 * Frames made of the AsyncAPI document, many on a socket. A frame with a `ref` that is answered twice or never, an answer `internal`, and a
 * close that blames the server, are faults.
 */
export async function fuzzFrames(document: AsyncApi, at: Standing, { seed, count }: { seed: number; count: number }): Promise<Fuzzed> {
  const chance = chanceOf(seed)
  const payloads = Object.values(document.operations)
    .filter(({ action }) => action === 'receive')
    .map(({ messages }) => document.components.messages[messages[0]!.$ref.split('/').at(-1)!]!.payload)
  const answers: Record<string, number> = {}
  const faults: Fault[] = []
  for (let number = 0; number < count && faults.length < FAULTS_MAX; number += FRAMES) {
    const scene = await newScene(at, chance)
    const making: Making = { chance, schemas: document.components.schemas, known: scene.known }
    const socket = await connect(at.url, chance.is(0.9) ? { token: scene.token } : {})
    const refs: string[] = []
    for (let i = 0; i < FRAMES; i++) {
      const frame = valueOf(making, chance.of(payloads))
      const text = frameText(chance, frame, `r${i}`)
      if (text.ref) refs.push(text.ref)
      if (socket.ws.readyState === 1) socket.send(text.text)
    }
    const what = await verdict(socket, refs)
    for (const { problem } of socket.of('error')) answers[problem.code] = (answers[problem.code] ?? 0) + 1
    answers['ok'] = (answers['ok'] ?? 0) + socket.of('ok').length
    if (what !== undefined) faults.push({ seed, number, what })
    await socket.close()
  }
  return { count, answers, faults }
}

/** A frame as it is sent. Objects have a `ref` of ours, unless the frame is to be cut. */
function frameText(chance: Chance, frame: unknown, ref: string): { text: string; ref?: string } {
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return { text: JSON.stringify(frame) ?? '' }
  const text = JSON.stringify({ ...frame, ref })
  return chance.is(0.03) ? { text: text.slice(0, chance.whole(1, text.length - 1)) } : { text, ref }
}

/** What is wrong with how a socket was answered. */
async function verdict(socket: SocketClient, refs: readonly string[]): Promise<string | undefined> {
  const answered = () => [...socket.of('ok'), ...socket.of('error')].flatMap(({ ref }) => (ref !== null && refs.includes(ref) ? [ref] : []))
  const isClosed = () => socket.ws.readyState > 1
  await eventually(
    () => {
      if (!isClosed() && new Set(answered()).size < refs.length) throw new Error('not yet')
    },
    { timeoutMs: 15_000 },
  ).catch(() => undefined)
  const internal = socket.of('error').find(({ problem }) => problem.status >= 500)
  if (internal) return `answered ${internal.problem.code}`
  if (new Set(answered()).size < answered().length) return 'a frame was answered twice'
  if (isClosed()) {
    const { code } = await socket.closed
    return CLOSES.has(code) ? undefined : `closed with ${code}`
  }
  const missing = refs.filter((ref) => !answered().includes(ref))
  return missing.length > 0 ? `${missing.length} frames were not answered` : undefined
}
