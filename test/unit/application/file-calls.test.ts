import { describe, expect, it } from 'vitest'
import { addressOf, isGood } from '../../../src/application/files/addresses.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import type { Storage } from '../../../src/application/ports/storage.ts'
import type { StoredFile, Upload } from '../../../src/domain/filing.ts'
import { asId, type FileId, type UserId } from '../../../src/domain/ids.ts'
import { fileCalls, fileChores } from '../../../src/main/file-calls.ts'
import { id } from '../domain/given.ts'

const MINUTE = 60_000
const NOW = 100 * MINUTE
const ann = { userId: id('ann'), sessionId: asId<never>('session') }
const chatId = asId<never>('chat')
const fileId = 'f' as FileId
const file = { id: fileId, sha256: 'sha', hasPreviews: true } as StoredFile
const signatures = { sign: (text: string) => `signed ${text}`, isSigned: (text: string, by: string) => by === `signed ${text}` }

async function* bytes(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield new Uint8Array(size)
}

/** The calls on ports that answer like this, and what these were asked. */
function calls(change: { files?: object; storage?: object; blobs?: object; chats?: object } = {}) {
  const asked: unknown[] = []
  const noting = (name: string, answers: Record<string, (...given: never[]) => unknown>) =>
    Object.fromEntries(
      Object.entries(answers).map(([call, answer]) => [
        call,
        async (...given: never[]) => {
          asked.push([`${name}.${call}`, ...given])
          return answer(...given)
        },
      ]),
    )
  const blobs = noting('blobs', { open: () => undefined, keep: () => {}, keepPiece: () => {}, dropPieces: () => {}, ...change.blobs })
  const intake = {
    async receive(source: AsyncIterable<Uint8Array>, options: object) {
      let size = 0
      for await (const chunk of source) size += chunk.length
      asked.push(['intake.receive', size, options])
      return { path: 'p', sha256: 'sha', size }
    },
    examine: async () => ({ type: 'text/plain', kind: 'file' }),
    strip: async (received: object) => received,
    drop: async () => void asked.push(['intake.drop']),
  }
  const storage = { blobs, intake, signatures, redirects: false, fileLimit: 20, quota: 50, ...change.storage } as unknown as Storage
  const files = noting('files', {
    visible: () => [file],
    get: () => file,
    claim: () => true,
    add: (added: StoredFile) => added,
    ...change.files,
  })
  const ports = { files, storage, chats: { get: async () => ({}), ...change.chats }, clock: () => NOW, newId: () => 'new-0123456789ab' }
  return { asked, api: fileCalls(ports as unknown as Ports), of: (call: RegExp) => asked.filter((one) => call.test((one as [string])[0])) }
}
const notFound = { code: 'file-not-found', facts: { fileIds: [fileId] } }
const address = { fileId, variant: undefined, expiresAt: NOW + MINUTE, signature: `signed f original ${NOW + MINUTE}` }

describe('the address of a file', () => {
  it('lasts ten to twenty minutes, and is the same within ten', () => {
    const at = (now: number, variant?: 'thumb') => addressOf(signatures, { fileId, variant }, now)
    expect(at(NOW)).toEqual({
      fileId,
      variant: undefined,
      expiresAt: NOW + 20 * MINUTE,
      signature: `signed f original ${NOW + 20 * MINUTE}`,
    })
    expect(at(NOW + 10 * MINUTE - 1)).toEqual(at(NOW))
    expect(at(NOW + 10 * MINUTE).expiresAt).toBe(NOW + 30 * MINUTE)
    expect(at(NOW, 'thumb').signature).toBe(`signed f thumb ${NOW + 20 * MINUTE}`)
  })

  it('is good until it expires, for what it was signed for', () => {
    const made = addressOf(signatures, { fileId, variant: 'thumb' }, NOW)
    expect([isGood(signatures, made, NOW), isGood(signatures, made, made.expiresAt - 1)]).toEqual([true, true])
    expect(isGood(signatures, made, made.expiresAt)).toBe(false)
    for (const other of [{ variant: undefined }, { fileId: 'g' as FileId }, { expiresAt: made.expiresAt + 1 }, { signature: '' }])
      expect(isGood(signatures, { ...made, ...other }, NOW)).toBe(false)
  })
})

describe('files', () => {
  it('that are switched off are not found', async () => {
    const api = fileCalls({ storage: undefined } as unknown as Ports)
    const made = [
      () => api.uploadFile(ann, { name: 'a', bytes: bytes() }),
      () => api.createUpload(ann, { name: 'a', length: 1 }),
      () => api.getUpload(ann, fileId),
      () => api.continueUpload(ann, { uploadId: fileId, offset: 0, bytes: bytes() }),
      () => api.endUpload(ann, fileId),
      () => api.getFile(ann, fileId),
      () => api.deleteFile(ann, fileId),
      () => api.getFileUrls(ann, [fileId]),
      () => api.getFileContent(ann, { fileId, variant: undefined }),
      () => api.getSignedContent({ address: '' }, address),
      () => api.listFiles(ann, { chatId, kind: undefined }, { limit: 1 }),
    ]
    for (const call of made) await expect((async () => call())()).rejects.toMatchObject({ code: 'not-found' })
    const chores = fileChores({ storage: undefined } as unknown as Ports)
    expect([await chores.collectFiles(), await chores.sweepFiles()]).toEqual([0, 0])
  })

  it('are those that the caller may see', async () => {
    const { api, asked } = calls()
    expect(await api.getFile(ann, fileId)).toBe(file)
    expect(asked).toEqual([['files.visible', id('ann'), [fileId]]])
    const none = calls({ files: { visible: () => [], get: () => undefined } }).api
    await expect(none.getFile(ann, fileId)).rejects.toMatchObject(notFound)
    await expect(none.getFileContent(ann, { fileId, variant: undefined })).rejects.toMatchObject(notFound)
    await expect(none.getSignedContent({ address: '' }, address)).rejects.toMatchObject(notFound)
    expect(await none.getFileUrls(ann, [fileId])).toEqual([])
  })

  it('are deleted where nothing needs them', async () => {
    const removed = (outcome: string) => calls({ files: { remove: () => outcome } })
    const { api, asked } = removed('removed')
    await api.deleteFile(ann, fileId)
    expect(asked).toEqual([['files.remove', id('ann'), fileId, NOW]])
    await expect(removed('absent').api.deleteFile(ann, fileId)).rejects.toMatchObject(notFound)
    await expect(removed('in-use').api.deleteFile(ann, fileId)).rejects.toMatchObject({ code: 'file-in-use' })
  })

  it('of a chat are for its members', async () => {
    const { api, asked } = calls({ files: { ofChat: () => 'page' } })
    expect(await api.listFiles(ann, { chatId, kind: 'image' }, { limit: 3 })).toBe('page')
    expect(asked).toEqual([['files.ofChat', chatId, { kind: 'image' }, { limit: 3 }]])
    const outside = calls({ chats: { get: async () => undefined } }).api
    await expect(outside.listFiles(ann, { chatId, kind: undefined }, { limit: 3 })).rejects.toMatchObject({
      code: 'chat-not-found',
      facts: { chatId },
    })
  })

  it('have addresses, each once, and of previews where there are some', async () => {
    const plain = { ...file, id: 'g' as FileId, hasPreviews: false }
    const { api } = calls({ files: { visible: () => [file, plain] } })
    const urls = await api.getFileUrls(ann, [fileId, plain.id, fileId, 'h' as FileId])
    expect(urls.map(({ fileId: of, content, preview, thumb }) => [of, content.variant, preview?.variant, thumb?.variant])).toEqual([
      ['f', undefined, 'preview', 'thumb'],
      ['g', undefined, undefined, undefined],
    ])
    expect(urls[0]!.content.signature).toBe(`signed f original ${NOW + 20 * MINUTE}`)
  })
})

describe('the content of a file', () => {
  it('is read from its place, in ranges', async () => {
    const { api, asked } = calls()
    const content = await api.getFileContent(ann, { fileId, variant: 'thumb' })
    expect(content).toMatchObject({ file, variant: 'thumb', lasts: undefined, address: undefined })
    await content.open({ first: 1, last: 2 })
    expect(asked.at(-1)).toEqual(['blobs.open', 'sha', { variant: 'thumb', range: { first: 1, last: 2 } }])
  })

  it('by an address that was signed lasts as long as that', async () => {
    const { api } = calls()
    expect(await api.getSignedContent({ address: '' }, address)).toMatchObject({ file, variant: undefined, lasts: MINUTE })
    await expect(api.getSignedContent({ address: '' }, { ...address, signature: '' })).rejects.toMatchObject(notFound)
  })

  it('has no smaller variant where there are no previews', async () => {
    const { api } = calls({ files: { visible: () => [{ ...file, hasPreviews: false }] } })
    await expect(api.getFileContent(ann, { fileId, variant: 'thumb' })).rejects.toMatchObject(notFound)
    expect((await api.getFileContent(ann, { fileId, variant: undefined })).variant).toBeUndefined()
  })

  it('is read at its place if that has addresses, and the settings say so', async () => {
    const blobs = { address: (sha256: string, serving: object) => `${sha256} ${JSON.stringify(serving)}` }
    const there = calls({ blobs, storage: { redirects: true } }).api
    const serving = { type: 'text/plain', disposition: 'inline', lasts: 5 }
    const content = await there.getFileContent(ann, { fileId, variant: 'thumb' })
    expect(await content.address?.(serving)).toBe(`sha ${JSON.stringify({ ...serving, variant: 'thumb' })}`)
    expect((await calls({ blobs }).api.getFileContent(ann, { fileId, variant: undefined })).address).toBeUndefined()
    const without = calls({ storage: { redirects: true } }).api
    expect((await without.getFileContent(ann, { fileId, variant: undefined })).address).toBeUndefined()
  })
})

describe('a file that comes at once', () => {
  const upload = (more: object, sizes: readonly number[] = [9], change = {}) => {
    const at = calls(change)
    return { ...at, done: at.api.uploadFile(ann, { name: ' a.txt ', bytes: bytes(...sizes), ...more }) }
  }

  it('is received up to its limit, and taken', async () => {
    const { done, of } = upload({ clientFileId: 'key', length: 20 }, [9], { files: { byKey: () => undefined } })
    expect((await done).file).toMatchObject({ id: 'new-0123456789ab', ownerId: id('ann'), name: 'a.txt', clientFileId: 'key', size: 9 })
    expect(of(/intake/)).toEqual([['intake.receive', 9, { limit: 20 }], ['intake.drop']])
  })

  it('is refused by the length that it says, a name or a key that cannot be', async () => {
    const tooLarge = upload({ length: 21 })
    await expect(tooLarge.done).rejects.toMatchObject({ code: 'too-large', facts: { limit: 20 } })
    expect(tooLarge.of(/intake/)).toEqual([])
    await expect(upload({ name: '' }).done).rejects.toMatchObject({ code: 'invalid' })
    await expect(upload({ clientFileId: '' }).done).rejects.toMatchObject({ code: 'invalid' })
  })

  it('leaves nothing behind where it is refused', async () => {
    const { done, of } = upload({}, [9], { files: { add: () => 'quota-full' } })
    await expect(done).rejects.toMatchObject({ code: 'quota-full' })
    expect(of(/drop/)).toEqual([['intake.drop']])
  })
})

describe('an upload', () => {
  const open: Upload = {
    id: fileId,
    ownerId: id('ann'),
    name: 'a',
    clientFileId: undefined,
    length: 9,
    received: 4,
    pieces: ['p'],
    expiresAt: NOW + 1,
  }

  it('begins empty and lasts a day', async () => {
    const { api, asked } = calls({ files: { beginUpload: (wanted: Upload) => wanted } })
    const upload = await api.createUpload(ann, { name: 'a', length: 20, clientFileId: 'key' })
    const wanted = { id: 'new-0123456789ab', ownerId: id('ann'), name: 'a', clientFileId: 'key', length: 20, received: 0, pieces: [] }
    expect(upload).toEqual({ ...wanted, expiresAt: NOW + 24 * 60 * MINUTE })
    expect(asked).toEqual([['files.beginUpload', upload, 50]])
  })

  it('is refused where it is too large, does not fit or is another one', async () => {
    const begin = (outcome: unknown, length = 9) =>
      calls({ files: { beginUpload: () => outcome } }).api.createUpload(ann, { name: 'a', length })
    await expect(begin(undefined, 21)).rejects.toMatchObject({ code: 'too-large', facts: { limit: 20 } })
    await expect(begin('quota-full')).rejects.toMatchObject({ code: 'quota-full', facts: { limit: 50 } })
    await expect(begin('no-owner')).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(begin({ ...open, length: 8 })).rejects.toMatchObject({ code: 'key-reused' })
    expect(await begin(open)).toBe(open)
  })

  it('of nothing is a file at once', async () => {
    const files = { beginUpload: (wanted: Upload) => wanted, get: () => undefined, byKey: () => undefined }
    const at = calls({ files, blobs: { pieces: () => bytes() } })
    const pieces = { pieces: () => bytes() }
    const { api, of } = calls({ files, storage: { blobs: { ...pieces, keep: async () => {} } } })
    await api.createUpload(ann, { name: 'a', length: 0 })
    expect([of(/files.add/).length, at.asked]).toEqual([1, []])
  })

  it('is its owner’s until it expires', async () => {
    const get = (upload: Upload | undefined) => calls({ files: { upload: () => upload } }).api.getUpload(ann, fileId)
    expect(await get(open)).toBe(open)
    for (const other of [undefined, { ...open, expiresAt: NOW }, { ...open, ownerId: 'bob' as UserId }])
      await expect(get(other)).rejects.toMatchObject({ code: 'upload-not-found' })
  })

  it('is ended with its pieces', async () => {
    const { api, of } = calls({ files: { upload: () => open, endUpload: () => {} } })
    await api.endUpload(ann, fileId)
    expect(of(/end|drop/)).toEqual([
      ['files.endUpload', fileId],
      ['blobs.dropPieces', ['p']],
    ])
  })

  it('goes on where it stands', async () => {
    let now = open
    const files = {
      upload: () => now,
      advance: (_: FileId, { size }: { readonly size: number }) => {
        now = { ...now, received: now.received + size }
        return true
      },
      get: () => file,
      forgetPieces: () => {},
    }
    const { api, of } = calls({ files })
    const go = (offset: number, ...sizes: number[]) => api.continueUpload(ann, { uploadId: fileId, offset, bytes: bytes(...sizes) })
    await expect(go(3, 1)).rejects.toMatchObject({ code: 'upload-offset', facts: { offset: 4 } })
    expect((await go(4, 2)).received).toBe(6)
    expect(of(/receive|keepPiece|advance|forget/)).toEqual([
      ['intake.receive', 2, { limit: 5, keepsPart: true }],
      ['blobs.keepPiece', 'f.000000000004-0123456789ab', expect.anything()],
      ['files.advance', fileId, { offset: 4, name: 'f.000000000004-0123456789ab', size: 2 }],
    ])
    expect((await go(6)).received).toBe(6)
    expect(of(/keepPiece/)).toHaveLength(1)
    expect(of(/intake.drop/)).toHaveLength(2)
    expect((await go(6, 3)).received).toBe(9)
    expect(of(/forget/)).toEqual([['files.forgetPieces', fileId]])
  })

  it('is stored in pieces of sixteen mebibytes', async () => {
    const MIB = 1_048_576
    let received = 0
    const upload = () => ({ ...open, length: 100 * MIB, received })
    const advance = (_: FileId, { size }: { readonly size: number }) => {
      received += size
      return true
    }
    const { api, of } = calls({ files: { upload, advance } })
    await api.continueUpload(ann, { uploadId: fileId, offset: 0, bytes: bytes(20 * MIB) })
    expect(of(/receive/).map((one) => (one as unknown[]).slice(1))).toEqual([
      [16 * MIB, { limit: 100 * MIB, keepsPart: true }],
      [4 * MIB, { limit: 84 * MIB, keepsPart: true }],
    ])
    expect(of(/keepPiece/).map((one) => (one as string[])[1])).toEqual(['f.000000000000-0123456789ab', 'f.000016777216-0123456789ab'])
  })

  it('has two thousand pieces at most', async () => {
    const pieces = Array.from({ length: 2_000 }, (_, i) => `${i}`)
    const { api, of } = calls({ files: { upload: () => ({ ...open, pieces }) } })
    const next = api.continueUpload(ann, { uploadId: fileId, offset: 4, bytes: bytes(1) })
    await expect(next).rejects.toMatchObject({ code: 'too-large', facts: { limit: 2_000 } })
    expect(of(/drop/)).toEqual([['intake.drop']])
    const last = calls({ files: { upload: () => ({ ...open, pieces: pieces.slice(1) }), advance: () => true } })
    await last.api.continueUpload(ann, { uploadId: fileId, offset: 4, bytes: bytes(1) })
    expect(last.of(/keepPiece/)).toHaveLength(1)
  })

  it('takes the first of two that bring the same bytes', async () => {
    let looks = 0
    const upload = () => (++looks === 1 ? open : { ...open, received: 7 })
    const { api, of } = calls({ files: { upload, advance: () => false } })
    const late = api.continueUpload(ann, { uploadId: fileId, offset: 4, bytes: bytes(1) })
    await expect(late).rejects.toMatchObject({ code: 'upload-offset', facts: { offset: 7 } })
    expect(of(/drop/)).toEqual([['blobs.dropPieces', ['f.000000000004-0123456789ab']], ['intake.drop']])
    looks = 0
    const gone = calls({ files: { upload: () => (++looks === 1 ? open : undefined), advance: () => false } })
    const none = gone.api.continueUpload(ann, { uploadId: fileId, offset: 4, bytes: bytes(1) })
    await expect(none).rejects.toMatchObject({ code: 'upload-offset', facts: { offset: 0 } })
  })
})
