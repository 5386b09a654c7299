import { describe, expect, it } from 'vitest'
import { collect } from '../../../src/application/files/collecting.ts'
import { finishing } from '../../../src/application/files/finishing.ts'
import { sweep } from '../../../src/application/files/sweeping.ts'
import { taking } from '../../../src/application/files/taking.ts'
import type { Files } from '../../../src/application/ports/files.ts'
import type { Examined, Received } from '../../../src/application/ports/intake.ts'
import type { Storage } from '../../../src/application/ports/storage.ts'
import type { StoredFile, Upload } from '../../../src/domain/filing.ts'
import type { FileId, UserId } from '../../../src/domain/ids.ts'
import { Refusal, type RefusalCode } from '../../../src/domain/refusal.ts'

const NOW = 1_000_000_000
const DAY = 86_400_000
const clock = () => NOW

/** Notes each call of a port, and answers as it is told to. */
function noting<T extends object>(deeds: string[], name: string, answers: Partial<Record<keyof T, (...given: never[]) => unknown>>): T {
  return new Proxy(answers as T, {
    get:
      (of, call) =>
      async (...given: never[]) => {
        deeds.push([`${name}.${String(call)}`, ...given.map((one) => JSON.stringify(one))].join(' '))
        return (of as Record<PropertyKey, (...given: never[]) => unknown>)[call]?.(...given)
      },
  })
}

const pages =
  <T>(all: readonly (readonly T[])[]) =>
  (after?: T) => {
    const last = all.findIndex((page) => page.at(-1) === after)
    return after === undefined ? all[0]! : (all[last + 1] ?? [])
  }

describe('what nobody needs', () => {
  it('goes: uploads that expired, files and bytes after a day each', async () => {
    const deeds: string[] = []
    const files = noting<Files>(deeds, 'files', {
      expired: () => [{ id: 'u', pieces: ['p', 'q'] }],
      collect: () => 2,
      release: () => ['s', 't'],
    })
    const blobs = noting<Storage['blobs']>(deeds, 'blobs', {})
    expect(await collect({ files, clock, storage: { blobs } as Storage })).toBe(5)
    expect(deeds).toEqual([
      `files.expired ${NOW} 100`,
      'files.endUpload "u"',
      'blobs.dropPieces ["p","q"]',
      `files.collect ${NOW - DAY} ${NOW} 100`,
      `files.release ${NOW - DAY} ${NOW} 100`,
      'blobs.remove "s"',
      'files.released "s"',
      'blobs.remove "t"',
      'files.released "t"',
    ])
  })

  it('goes a hundred at a time, until fewer are left', async () => {
    const counts = [100, 100, 3]
    const files = noting<Files>([], 'files', { expired: () => [], collect: () => counts.shift(), release: () => [] })
    expect(await collect({ files, clock, storage: { blobs: {} } as Storage })).toBe(203)
    expect(counts).toEqual([])
  })
})

describe('a sweep', () => {
  it('removes bytes that no row knows and pieces of uploads that have ended, and counts them with what was wrong', async () => {
    const deeds: string[] = []
    const uploads: Record<string, Partial<Upload>> = {
      open: { received: 1, length: 9, pieces: ['open.1'] },
      empty: { received: 0, length: 9, pieces: [] },
      whole: { received: 9, length: 9, pieces: ['whole.1'] },
      done: { received: 9, length: 9, pieces: [] },
    }
    const files = noting<Files>(deeds, 'files', {
      mend: () => 4,
      seize: (page: readonly string[]) => page.filter((sha256) => sha256.startsWith('stray')),
      upload: (id: string) => uploads[id],
    })
    const blobs = noting<Storage['blobs']>(deeds, 'blobs', {
      list: pages([['a', 'stray 1'], ['stray 2']]),
      listPieces: pages([
        ['done.1', 'empty.1'],
        ['gone.1', 'open.1', 'whole.1'],
      ]),
    })
    expect(await sweep({ files, clock, storage: { blobs } as Storage })).toBe(8)
    const dropped = deeds.filter((deed) => /mend|seize|remove|released|dropPieces|list/.test(deed))
    expect(dropped).toEqual([
      `files.mend ${NOW}`,
      'blobs.list',
      `files.seize ["a","stray 1"] ${NOW}`,
      'blobs.remove "stray 1"',
      'files.released "stray 1"',
      'blobs.list "stray 1"',
      `files.seize ["stray 2"] ${NOW}`,
      'blobs.remove "stray 2"',
      'files.released "stray 2"',
      'blobs.list "stray 2"',
      'blobs.listPieces',
      'blobs.dropPieces ["done.1"]',
      'blobs.listPieces "empty.1"',
      'blobs.dropPieces ["gone.1"]',
      'blobs.listPieces "whole.1"',
    ])
  })
})

const sent: Received = { path: 'sent', sha256: 'sha of sent', size: 9 }
const whole = { id: 'f' as FileId, ownerId: 'ann' as UserId, name: 'a.png', clientFileId: 'key', received: sent }
const image: Examined = { type: 'image/png', kind: 'image', width: 30, height: 20 }
const seen = { width: 3, height: 2, thumbhash: 'hash', thumb: new Uint8Array(1), preview: new Uint8Array(2) }

/** Takes a file where the ports answer like this. */
function taker(change: { files?: object; intake?: object; storage?: object } = {}) {
  const deeds: string[] = []
  const files = noting<Files>(deeds, 'files', { claim: () => true, add: (file: StoredFile) => file, ...change.files })
  const intake = noting<Storage['intake']>(deeds, 'intake', { examine: () => image, strip: (received) => received, ...change.intake })
  const blobs = noting<Storage['blobs']>(deeds, 'blobs', {})
  const storage = { intake, blobs, quota: 50, fileLimit: 20, ...change.storage } as Storage
  const done = (what: RegExp) => deeds.filter((deed) => what.test(deed))
  return { take: taking({ files, storage, clock }), finish: finishing({ files, storage, clock }), deeds, done }
}

describe('a file that is taken', () => {
  const plain = { hasPreviews: false, createdAt: NOW, sha256: 'sha of sent', sentSha256: 'sha of sent', size: 9 }

  it('is what its bytes say, and is stored before it is added', async () => {
    const { take, done } = taker()
    const { received: _, ...given } = whole
    const { file, replayed } = await take(whole)
    expect([file, replayed]).toEqual([{ ...given, ...plain, ...image, thumbhash: undefined }, false])
    expect(done(/claim|keep|add|drop/)).toEqual([
      `files.claim {"sha256":"sha of sent","size":9} ${NOW}`,
      `blobs.keep ${JSON.stringify(sent)}`,
      `files.add ${JSON.stringify(file)} 50`,
    ])
  })

  it('is the one that was sent under its key before, if it is the same', async () => {
    const earlier = { id: 'earlier', sentSha256: 'sha of sent' }
    const { take, done } = taker({ files: { byKey: () => earlier } })
    expect(await take(whole)).toEqual({ file: earlier, replayed: true })
    expect(done(/byKey|examine/)).toEqual(['files.byKey "ann" "key"'])
    const other = taker({ files: { byKey: () => ({ ...earlier, sentSha256: 'another' }) } })
    await expect(other.take(whole)).rejects.toMatchObject({ code: 'key-reused', facts: {} })
    const unnamed = taker({ files: { byKey: () => earlier } })
    expect((await unnamed.take({ ...whole, clientFileId: undefined })).replayed).toBe(false)
  })

  it('is the one that another call has added meanwhile, if it is the same', async () => {
    const added = { id: 'other', sentSha256: 'sha of sent' }
    expect(await taker({ files: { add: () => added } }).take(whole)).toEqual({ file: added, replayed: true })
    const differs = taker({ files: { add: () => ({ ...added, sentSha256: 'another' }) } })
    await expect(differs.take(whole)).rejects.toMatchObject({ code: 'key-reused' })
  })

  it('has nothing left that tells of a person: the stripped bytes are kept, and dropped here in the end', async () => {
    const bare: Received = { path: 'bare', sha256: 'sha of bare', size: 5 }
    const { take, done } = taker({ intake: { strip: () => bare } })
    expect((await take(whole)).file).toMatchObject({ sha256: 'sha of bare', sentSha256: 'sha of sent', size: 5, ...image })
    expect(done(/strip|blobs.keep|drop/)).toEqual([
      `intake.strip ${JSON.stringify(sent)} "image/png"`,
      `blobs.keep ${JSON.stringify(bare)}`,
      `intake.drop ${JSON.stringify(bare)}`,
    ])
    const failing = taker({ intake: { strip: () => bare }, files: { add: () => 'quota-full' } })
    await expect(failing.take(whole)).rejects.toMatchObject({ code: 'quota-full' })
    expect(failing.done(/drop/)).toHaveLength(1)
  })

  it('that is a broken picture is a file like any other, with the bytes that were sent', async () => {
    const { file } = await taker({ intake: { strip: () => undefined } }).take(whole)
    expect(file).toMatchObject({ ...plain, type: 'application/octet-stream', kind: 'file', width: undefined, height: undefined })
  })

  it('has previews where its picture can be looked at', async () => {
    const { take, done } = taker({ storage: { pictures: { look: async () => seen } } })
    expect((await take(whole)).file).toMatchObject({ ...image, width: 3, height: 2, thumbhash: 'hash', hasPreviews: true })
    expect(done(/Variant/)).toEqual([
      `blobs.keepVariant "sha of sent" "thumb" ${JSON.stringify(seen.thumb)}`,
      `blobs.keepVariant "sha of sent" "preview" ${JSON.stringify(seen.preview)}`,
    ])
    const blind = { type: 'image/png', kind: 'file', width: undefined, height: undefined, thumbhash: undefined, hasPreviews: false }
    expect((await taker({ storage: { pictures: { look: async () => undefined } } }).take(whole)).file).toMatchObject(blind)
  })

  it('that is no picture is not looked at', async () => {
    const video: Examined = { type: 'video/mp4', kind: 'video', width: 9_000, height: 9_000 }
    const { take } = taker({ intake: { examine: () => video }, storage: { pictures: { look: async () => seen } } })
    expect((await take(whole)).file).toMatchObject({ ...video, thumbhash: undefined, hasPreviews: false })
  })

  it.each([
    [10_000, 5_000, 'image'],
    [10_000, 5_001, 'file'],
    [undefined, undefined, 'image'],
    [10_001, 5_000, 'file'],
  ])('of %s by %s pixels is shown as %s where nobody looks', async (width, height, kind) => {
    const { file } = await taker({ intake: { examine: () => ({ ...image, width, height }) } }).take(whole)
    expect([file.kind, file.width]).toEqual([kind, kind === 'image' ? width : undefined])
  })

  it('is scanned before it is claimed', async () => {
    const { take, done } = taker({ storage: { scan: async () => 'refused' } })
    await expect(take(whole)).rejects.toMatchObject({ code: 'file-refused' })
    expect(done(/claim|keep/)).toEqual([])
    expect((await taker({ storage: { scan: async () => 'clean' } }).take(whole)).replayed).toBe(false)
  })

  it('needs room, and an owner', async () => {
    await expect(taker({ files: { add: () => 'quota-full' } }).take(whole)).rejects.toMatchObject({
      code: 'quota-full',
      facts: { limit: 50 },
    })
    await expect(taker({ files: { add: () => 'no-owner' } }).take(whole)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('is tried three times where its bytes are removed meanwhile, and not while they are', async () => {
    let times = 0
    const { take, done } = taker({ files: { add: (file: StoredFile) => (++times < 3 ? 'unclaimed' : file) } })
    expect((await take(whole)).replayed).toBe(false)
    expect(done(/claim/)).toHaveLength(3)
    const never = taker({ files: { add: () => 'unclaimed' } })
    await expect(never.take(whole)).rejects.toMatchObject({ code: 'overloaded' })
    expect(never.done(/files.add/)).toHaveLength(3)
    const busy = taker({ files: { claim: () => false } })
    await expect(busy.take(whole)).rejects.toMatchObject({ code: 'overloaded' })
    expect([busy.done(/claim/).length, busy.done(/blobs/)]).toEqual([1, []])
  })
})

describe('an upload that is whole', () => {
  const upload = { ...whole, id: 'u', length: 9, received: 9, pieces: ['p', 'q'], expiresAt: 0 } as unknown as Upload
  const withPieces = { receive: () => sent }
  const finisher = (files: object = {}) => taker({ files, intake: withPieces })

  it('makes its file, and lets go of its pieces', async () => {
    const { finish, done } = finisher()
    await finish(upload)
    expect(done(/files.(add|forget|end)|drop|receive/).map((deed) => deed.split(' ').slice(0, 2).join(' '))).toEqual([
      'intake.receive {}',
      expect.stringMatching(/^files.add {"id":"u","ownerId":"ann","name":"a.png"/),
      `intake.drop ${JSON.stringify(sent).split(' ')[0]}`,
      'files.forgetPieces "u"',
      'blobs.dropPieces ["p","q"]',
    ])
    expect(done(/receive/)[0]).toContain('{"limit":20}')
  })

  it('that has made its file lets go of its pieces, if there are any', async () => {
    const there = { get: () => ({ id: 'u' }) }
    const first = finisher(there)
    await first.finish(upload)
    expect(first.done(/receive|forget|dropPieces/)).toEqual(['files.forgetPieces "u"', 'blobs.dropPieces ["p","q"]'])
    const second = finisher(there)
    await second.finish({ ...upload, pieces: [] })
    expect(second.done(/receive|forget|dropPieces/)).toEqual([])
  })

  it('without its pieces and its file is not found, unless it is empty', async () => {
    await expect(finisher().finish({ ...upload, pieces: [] })).rejects.toMatchObject({ code: 'upload-not-found' })
    const empty = finisher()
    await empty.finish({ ...upload, pieces: [], length: 0, received: 0 })
    expect(empty.done(/files.add|forget|dropPieces/)).toHaveLength(1)
  })

  it.each<[RefusalCode, boolean]>([
    ['file-refused', true],
    ['quota-full', true],
    ['key-reused', true],
    ['too-large', true],
    ['overloaded', false],
    ['unauthenticated', false],
  ])('that is refused with %s is gone: %s', async (code, isGone) => {
    const refuse = () => {
      throw new Refusal(code as 'overloaded')
    }
    const { finish, done } = finisher({ add: refuse })
    await expect(finish(upload)).rejects.toMatchObject({ code })
    expect(done(/endUpload|dropPieces|forget/)).toEqual(isGone ? ['files.endUpload "u"', 'blobs.dropPieces ["p","q"]'] : [])
    expect(done(/intake.drop/)).toHaveLength(1)
  })

  it('may find that another process has finished it', async () => {
    let looks = 0
    const { finish, done } = finisher({ get: () => (++looks > 1 ? { id: 'u' } : undefined), add: () => 'quota-full' })
    await finish(upload)
    expect(done(/endUpload|forget/)).toEqual(['files.forgetPieces "u"'])
  })
})
