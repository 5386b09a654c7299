const TEXT = 0x81
const SHORT = 125
const LONG = 65_536

/** One whole WebSocket message as a server writes it (RFC 6455, 5.2): header and text, unmasked, ready for any number of sockets. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const header = length <= SHORT ? 2 : length < LONG ? 4 : 10
  const frame = Buffer.allocUnsafe(header + length)
  frame[0] = TEXT
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(0, 2)
    frame.writeUInt32BE(length, 6)
  }
  frame.write(text, header, 'utf8')
  return frame
}

/** The answer to a ping: its payload, of 125 bytes at most. */
export const pongFrame = (payload: Buffer): Buffer => Buffer.concat([Buffer.from([0x8a, payload.length]), payload])

/** A ping without a payload. */
export const PING: Buffer = Buffer.from([0x89, 0])
