import { randomBytes } from 'node:crypto'
import { type Agent, request } from 'node:http'
import { answering } from '../measure/child.ts'

export interface Uploads {
  readonly port: number
  readonly tokens: readonly string[]
  readonly bytes: number
}
export interface Sends {
  readonly port: number
  readonly token: string
  readonly chatId: string
}
export interface Downloads {
  readonly url: string
  readonly bytes: number
  readonly piece: number
  readonly seconds: number
}

const CHUNK = 65_536
const noise = randomBytes(CHUNK)

/** Sends so many bytes, as fast as they are taken; the first are this upload's own. */
function upload({ port, bytes }: Uploads, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-length': bytes, 'content-type': 'application/octet-stream' }
    const sending = request({ port, method: 'POST', path: '/api/v1/files?name=load.bin', headers, agent: false as unknown as Agent })
    sending.on('error', reject)
    sending.on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => void (text += chunk))
      response.on('end', () => (response.statusCode === 201 ? resolve(JSON.parse(text).id) : reject(new Error(text))))
    })
    let left = bytes - 16
    sending.write(randomBytes(16))
    const more = () => {
      while (left > 0) {
        const size = Math.min(CHUNK, left)
        left -= size
        if (!sending.write(size === CHUNK ? noise : noise.subarray(0, size))) return void sending.once('drain', more)
      }
      sending.end()
    }
    more()
  })
}

let isSending = false

answering({
  upload: (given: Uploads) => Promise.all(given.tokens.map((token) => upload(given, token))),
  /** Messages one after the other, until `enough`: how long each took, in milliseconds. */
  async send({ port, token, chatId }: Sends): Promise<readonly number[]> {
    isSending = true
    const took: number[] = []
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    while (isSending) {
      const body = JSON.stringify({ client_message_id: randomBytes(12).toString('hex'), text: 'beside uploads' })
      const began = performance.now()
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/chats/${chatId}/messages`, { method: 'POST', headers, body })
      await answer.arrayBuffer()
      if (answer.status !== 201) throw new Error(`a message was answered ${answer.status}`)
      took.push(performance.now() - began)
    }
    return took
  },
  enough() {
    isSending = false
  },
  /** Reads a file by ranges, again and again: MiB in a second. */
  async download({ url, bytes, piece, seconds }: Downloads): Promise<number> {
    const began = performance.now()
    let read = 0
    while (performance.now() - began < seconds * 1_000)
      for (let from = 0; from < bytes; from += piece) {
        const answer = await fetch(url, { headers: { range: `bytes=${from}-${Math.min(bytes, from + piece) - 1}` } })
        if (answer.status !== 206) throw new Error(`a range was answered ${answer.status}`)
        read += (await answer.arrayBuffer()).byteLength
      }
    return read / 1_048_576 / ((performance.now() - began) / 1_000)
  },
})
