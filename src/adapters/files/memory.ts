import { readFile } from 'node:fs/promises'
import type { Blobs, Variant } from '../../application/ports/blobs.ts'

const nameOf = (sha256: string, variant: Variant | undefined) => (variant === undefined ? sha256 : `${sha256}.${variant}`)
const PER_LIST = 1_000

/** Bytes in the memory of this process. */
export function memoryBlobs(): Blobs {
  const stored = new Map<string, Uint8Array>()
  const pieces = new Map<string, Uint8Array>()
  const listed = (names: Iterable<string>, after = '') =>
    [...names]
      .filter((name) => name > after)
      .sort()
      .slice(0, PER_LIST)
  return {
    async keep({ sha256, path }) {
      if (!stored.has(sha256)) stored.set(sha256, await readFile(path))
    },
    async keepVariant(sha256, variant, bytes) {
      stored.set(nameOf(sha256, variant), bytes)
    },
    async remove(sha256) {
      for (const variant of [undefined, 'thumb', 'preview'] as const) stored.delete(nameOf(sha256, variant))
    },
    async open(sha256, { variant, range } = {}) {
      const bytes = stored.get(nameOf(sha256, variant))
      return bytes && at(range ? bytes.subarray(range.first, range.last + 1) : bytes)
    },
    list: async (after) =>
      listed(
        [...stored.keys()].filter((name) => !name.includes('.')),
        after,
      ),
    async keepPiece(name, { path }) {
      pieces.set(name, await readFile(path))
    },
    async *pieces(names) {
      for (const name of names) {
        const bytes = pieces.get(name)
        if (!bytes) throw new Error('a piece of an upload is missing')
        yield bytes
      }
    },
    async dropPieces(names) {
      for (const name of names) pieces.delete(name)
    },
    listPieces: async (after) => listed(pieces.keys(), after),
  }
}

async function* at(bytes: Uint8Array) {
  yield bytes
}
