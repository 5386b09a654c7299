/**
 * The pairs and triples of neighbouring code points in folded texts, as numbers of 32 bits. A text that contains another has all of
 * its grams; the reverse need not hold, nor do two grams always differ: they tell where not to look.
 */
export function gramsOf(texts: Iterable<string>): ReadonlySet<number> {
  const grams = new Set<number>()
  for (const text of texts) {
    let before = 0
    let last = 0
    for (const character of text) {
      const point = character.codePointAt(0)!
      if (last) grams.add(pair(last, point))
      if (before) grams.add(triple(before, last, point))
      before = last
      last = point
    }
  }
  return grams
}

/** The grams that a text must have to contain `part`: its triples, or its one pair; none when it is shorter. */
export function gramsIn(part: string): readonly number[] {
  const points = Array.from(part, (character) => character.codePointAt(0)!)
  if (points.length === 2) return [pair(points[0]!, points[1]!)]
  return [...new Set(points.slice(2).map((point, i) => triple(points[i]!, points[i + 1]!, point)))]
}

const pair = (a: number, b: number): number => mixed(Math.imul(a, 0x01000193) ^ b)
const triple = (a: number, b: number, c: number): number => mixed(Math.imul(Math.imul(a, 0x01000193) ^ b, 0x85ebca6b) ^ (c + 0x9e3779b9))
const mixed = (value: number): number => {
  const half = Math.imul(value ^ (value >>> 16), 0xc2b2ae35)
  return (half ^ (half >>> 15)) >>> 0
}

/** Two rows of a Postgres page hold one signature each. */
const BYTES = 4_000

/** Where a gram leaves its mark in a signature. */
export const bitsOf = (gram: number): readonly [number, number] => [gram % (BYTES * 8), Math.floor(gram / (BYTES * 8)) % (BYTES * 8)]

/** A Bloom filter of grams: it holds all bits of each, and seldom all of another one. */
export function signatureOf(grams: Iterable<number>): Uint8Array {
  const signature = new Uint8Array(BYTES)
  for (const gram of grams) for (const bit of bitsOf(gram)) signature[bit >> 3]! |= 1 << (bit & 7)
  return signature
}
