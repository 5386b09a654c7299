import { answering } from '../measure/child.ts'
import { type RawSocket, rawSocket } from './raw-socket.ts'

/** Opens sockets one after another and resumes each where the first stood. */
export interface OpenResumed {
  readonly port: number
  /** Without it, the sockets are those of a bare server. */
  readonly token?: string
  readonly seconds: number
}

interface Opened {
  readonly raw: RawSocket
  readonly answer: string
}

async function opened(port: number, token: string | undefined, asOf: string | undefined): Promise<Opened> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const raw = await rawSocket(port, (bytes, start, end) => {
    const text = bytes.toString('utf8', start, end)
    if (text.startsWith('{"type":"error"')) reject(new Error(text))
    if (text.includes('"ref":"last"')) resolve(text)
  })
  if (token === undefined) return { raw, answer: '' }
  raw.send(`{"type":"authorize","ref":"first","token":"${token}"}`)
  raw.send(JSON.stringify({ type: 'resume', ref: 'last', cursors: {}, ...(asOf !== undefined && { as_of: asOf }) }))
  return { raw, answer: await promise }
}

answering({
  async open({ port, token, seconds }: OpenResumed) {
    const first = await opened(port, token, undefined)
    first.raw.socket.destroy()
    const asOf = token === undefined ? undefined : (JSON.parse(first.answer) as { result: { as_of: string } }).result.as_of
    const startedAt = performance.now()
    let [count, bytes] = [0, 0]
    while (count < 3 || performance.now() - startedAt < seconds * 1_000) {
      const { raw, answer } = await opened(port, token, asOf)
      raw.socket.destroy()
      bytes = Buffer.byteLength(answer)
      count++
    }
    return { ms: (performance.now() - startedAt) / count, bytes }
  },
})
