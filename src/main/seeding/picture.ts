import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A landscape of two colours as a PNG, the same bytes for the same number. */
export function picture(number: number, [width, height] = [320, 200]): Uint8Array {
  const hue = (number * 47) % 256
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(1 + 3 * width)
    for (let x = 0; x < width; x++) {
      const isHill = y > height * 0.6 + 25 * Math.sin((x + 40 * number) / 35)
      row.set(isHill ? [40, 90 + (hue >> 2), 60] : [120 + (y >> 1), 150 + (y >> 2), hue], 1 + 3 * x)
    }
    return row
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits of each colour, without transparency.
  header.set([8, 2], 8)
  return Buffer.concat([SIGNATURE, part('IHDR', header), part('IDAT', deflateSync(Buffer.concat(rows))), part('IEND', Buffer.alloc(0))])
}

function part(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
