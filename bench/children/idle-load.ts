import { answering } from '../measure/child.ts'
import { type RawSocket, rawSocket } from './raw-socket.ts'

/** Opens sockets and keeps them, doing nothing. */
export interface OpenIdle {
  readonly port: number
  readonly count: number
  /** Tokens, one for each socket; without them the sockets are those of a bare server. */
  readonly tokens?: readonly string[]
  readonly resumes?: boolean
}

const AT_ONCE = 50
let open: RawSocket[] = []

async function idle(port: number, token: string | undefined, resumes: boolean): Promise<RawSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const raw = await rawSocket(port, (bytes, start, end) => {
    const text = bytes.toString('latin1', start, Math.min(end, start + 60))
    if (text.includes('"type":"error"')) reject(new Error(bytes.toString('utf8', start, end)))
    if (text.includes('"ref":"last"')) resolve()
  })
  if (token === undefined) return raw
  raw.send(`{"type":"authorize","ref":"${resumes ? 'first' : 'last'}","token":"${token}"}`)
  if (resumes) raw.send('{"type":"resume","ref":"last","cursors":{}}')
  await promise
  return raw
}

answering({
  async open({ port, count, tokens, resumes = false }: OpenIdle) {
    for (let from = 0; from < count; from += AT_ONCE) {
      const places = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i)
      open.push(...(await Promise.all(places.map((place) => idle(port, tokens?.[place], resumes)))))
    }
  },
  async close() {
    for (const { socket } of open) socket.destroy()
    open = []
    await new Promise((resolve) => setTimeout(resolve, 500))
  },
})
