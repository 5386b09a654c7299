import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** A WebSocket client that costs next to nothing, so that what is measured is the server. */
export interface RawSocket {
  /** Masked, as a client has to. */
  send(...texts: readonly string[]): void
  readonly socket: Socket
}

/** Hears of each text frame: the bytes of its payload, to be read at once. */
export type Heard = (bytes: Buffer, start: number, end: number) => void

export const SOCKET_PATH = '/api/v1/ws'
const MASK = randomBytes(4)
const END_OF_HEAD = Buffer.from('\r\n\r\n')

/** Opens a socket and resolves when the upgrade was answered. `heard` hears of whole frames. */
export async function rawSocket(port: number, heard: Heard, path = SOCKET_PATH): Promise<RawSocket> {
  const socket = await upgraded(port, path, (socket, rest) => {
    const read = frames(heard)
    read(rest)
    socket.on('data', read)
  })
  return {
    socket,
    send(...texts) {
      socket.write(texts.length === 1 ? masked(texts[0]!) : Buffer.concat(texts.map(masked)))
    },
  }
}

/** Hears how many frames came, and how many of them were long. */
export type Counted = (long: number, all: number) => void

/** A socket that looks at lengths alone: frames longer than `over` bytes are long. */
export async function countingSocket(port: number, over: number, counted: Counted, path = SOCKET_PATH): Promise<RawSocket> {
  const socket = await upgraded(port, path, (socket, rest) => {
    const read = lengths(over, counted)
    read(rest)
    socket.on('data', read)
  })
  return { socket, send: (...texts) => void socket.write(Buffer.concat(texts.map(masked))) }
}

function upgraded(port: number, path: string, ready: (socket: Socket, rest: Buffer) => void): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  let head = Buffer.alloc(0)
  const listen = (bytes: Buffer) => {
    head = Buffer.concat([head, bytes])
    const end = head.indexOf(END_OF_HEAD)
    if (end < 0) return
    socket.off('data', listen)
    if (!head.toString('latin1', 0, 12).endsWith('101')) return reject(new Error(head.toString()))
    ready(socket, head.subarray(end + END_OF_HEAD.length))
    resolve(socket)
  }
  socket.on('data', listen)
  socket.on('error', reject)
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  return promise
}

export function masked(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length < 126 ? 6 : 8
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = 0x81
  if (header === 6) frame[1] = 0x80 | length
  else {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  }
  frame.set(MASK, header - 4)
  frame.write(text, header)
  for (let i = 0; i < length; i++) frame[header + i]! ^= MASK[i & 3]!
  return frame
}

/** Where the payload of a frame begins and how long it is; undefined where the header is not all there. */
function header(bytes: Buffer, at: number): { readonly start: number; readonly length: number } | undefined {
  const left = bytes.length - at
  if (left < 2) return undefined
  const short = bytes[at + 1]!
  if (short < 126) return { start: at + 2, length: short }
  if (short === 126) return left < 4 ? undefined : { start: at + 4, length: bytes.readUInt16BE(at + 2) }
  return left < 10 ? undefined : { start: at + 10, length: bytes.readUInt32BE(at + 6) }
}

const TEXT_FRAME = 0x81

function frames(heard: Heard): (bytes: Buffer) => void {
  let rest: Buffer | undefined
  return (chunk) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk
    let at = 0
    for (let next = header(bytes, at); next && next.start + next.length <= bytes.length; next = header(bytes, at)) {
      const end = next.start + next.length
      if (bytes[at] === TEXT_FRAME) heard(bytes, next.start, end)
      at = end
    }
    rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined
  }
}

function lengths(over: number, counted: Counted): (bytes: Buffer) => void {
  let skip = 0
  let rest: Buffer | undefined
  return (chunk) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk
    rest = undefined
    let at = skip
    let long = 0
    let all = 0
    while (at < bytes.length) {
      const next = header(bytes, at)
      if (!next) {
        rest = Buffer.from(bytes.subarray(at))
        at = bytes.length
        break
      }
      if (next.length > over) long++
      all++
      at = next.start + next.length
    }
    skip = at - bytes.length
    if (all > 0) counted(long, all)
  }
}
