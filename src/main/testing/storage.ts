import type { Blobs } from '../../application/ports/blobs.ts'
import type { Bytes, Examined, Intake, Received } from '../../application/ports/intake.ts'
import type { Storage } from '../../application/ports/storage.ts'
import { FILE_LIMIT } from '../../domain/filing.ts'
import { Refusal } from '../../domain/refusal.ts'

/** Files of a service inside a test: bytes in memory, nothing is secret, and pictures have no previews. */
export function testingStorage({ newId }: { newId(): string }): Storage {
  const temporary = new Map<string, Uint8Array>()
  const { intake, bytesOf } = testingIntake(temporary, newId)
  return {
    intake,
    blobs: testingBlobs(bytesOf),
    fileLimit: FILE_LIMIT,
    quota: 20 * FILE_LIMIT,
    redirects: false,
    signatures: { sign: digestOf, isSigned: (text, signature) => digestOf(text) === signature },
  }
}

const digestOf = (text: string): string => hashOf(new TextEncoder().encode(text))

/** A digest that is good enough for tests (FNV-1a), in hexadecimal. */
function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return `${hash.toString(16).padStart(8, '0')}${bytes.length.toString(16).padStart(8, '0')}`
}

function testingIntake(temporary: Map<string, Uint8Array>, newId: () => string) {
  const bytesOf = ({ path }: Received): Uint8Array => temporary.get(path) ?? new Uint8Array()
  const intake: Intake = {
    async receive(bytes, { limit, keepsPart = false }) {
      const all = joined(await gathered(bytes, keepsPart))
      if (all.length > limit) throw new Refusal('too-large', { limit })
      const path = newId()
      temporary.set(path, all)
      return { path, sha256: hashOf(all), size: all.length }
    },
    examine: async (received) => examined(bytesOf(received)),
    strip: async (received) => received,
    async drop({ path }) {
      temporary.delete(path)
    },
  }
  return { intake, bytesOf }
}

async function gathered(bytes: Bytes, keepsPart: boolean): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of bytes) chunks.push(chunk)
  } catch (error) {
    if (!keepsPart) throw error
  }
  return chunks
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

/** The few types that tests of programs need. */
function examined(bytes: Uint8Array): Examined {
  const head = String.fromCharCode(...bytes.subarray(0, 16))
  if (head.startsWith('\x89PNG')) {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    return { type: 'image/png', kind: 'image', width: view.getUint32(16), height: view.getUint32(20) }
  }
  if (head.startsWith('OggS')) return { type: 'audio/ogg', kind: 'audio' }
  if (head.startsWith('%PDF')) return { type: 'application/pdf', kind: 'file' }
  return { type: 'application/octet-stream', kind: 'file' }
}

function testingBlobs(bytesOf: (received: Received) => Uint8Array): Blobs {
  const stored = new Map<string, Uint8Array>()
  const pieces = new Map<string, Uint8Array>()
  return {
    async keep(received) {
      stored.set(received.sha256, bytesOf(received))
    },
    async keepVariant() {},
    async remove(sha256) {
      stored.delete(sha256)
    },
    async open(sha256, { range } = {}) {
      const bytes = stored.get(sha256)
      return bytes && one(range ? bytes.subarray(range.first, range.last + 1) : bytes)
    },
    list: async () => [],
    async keepPiece(name, received) {
      pieces.set(name, bytesOf(received))
    },
    async *pieces(names) {
      for (const name of names) yield pieces.get(name)!
    },
    async dropPieces(names) {
      for (const name of names) pieces.delete(name)
    },
    listPieces: async () => [],
  }
}

async function* one(bytes: Uint8Array) {
  yield bytes
}
