import { describe, expect, it } from 'vitest'
import type { Attachment } from '../../../src/client/index.ts'
import { spread } from '../../../web/files/record.ts'
import { heightOfAttachments, shapeOf } from '../../../web/files/shapes.ts'
import { durationWords, sizeWords } from '../../../web/files/words.ts'

const attached = (kind: 'image' | 'file', width?: number, height?: number): Attachment => ({
  file: { id: 'f', name: 'n', size: 1, type: '', kind, width, height, thumbhash: undefined, createdAt: 0 },
  alt: undefined,
  durationMs: undefined,
  waveform: undefined,
})

describe('the place of a picture', () => {
  it.each([
    [4_000, 3_000, 20, 4 / 3],
    [10, 10_000, 11, 0.5],
    [10_000, 10, 20, 2.4],
    [undefined, undefined, 20, 4 / 3],
  ])('of %s × %s is %s rem wide, at %s', (width, height, wide, ratio) => {
    const shape = shapeOf({ width, height, kind: 'image' })
    expect(shape.width).toBeCloseTo(wide)
    expect(shape.ratio).toBeCloseTo(ratio)
  })

  it('is known before anything is loaded', () => {
    expect(heightOfAttachments([])).toBe(0)
    expect(heightOfAttachments([attached('image', 2, 1)])).toBe(10)
    expect(heightOfAttachments([attached('image'), attached('image')])).toBe(10)
    expect(heightOfAttachments([1, 2, 3, 4, 5].map(() => attached('image')))).toBeCloseTo(20.125)
    expect(heightOfAttachments([attached('file'), attached('file')])).toBe(7.5)
  })
})

it('says sizes and lengths in words', () => {
  expect([0, 999, 1_000, 1_250_000, 2_000_000_000].map((bytes) => sizeWords('en', bytes))).toEqual([
    '0 byte',
    '999 byte',
    '1 kB',
    '1.3 MB',
    '2 GB',
  ])
  expect([0, 4_400, 65_000, 3_600_000].map(durationWords)).toEqual(['0:00', '0:04', '1:05', '60:00'])
})

it('keeps the loudest of each part of a recording', () => {
  expect(spread([1, 2, 3], 64)).toEqual([1, 2, 3])
  expect(spread([1, 9, 2, 3, 0, 7], 3)).toEqual([9, 3, 7])
  expect(
    spread(
      Array.from({ length: 1_000 }, (_, i) => i % 100),
      64,
    ),
  ).toHaveLength(64)
})
