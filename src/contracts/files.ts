import { expect, it } from 'vitest'
import { alter } from '../domain/altering.ts'
import { avatarOfFile } from '../domain/avatar.ts'
import type { StoredFile, Upload } from '../domain/filing.ts'
import type { FileId, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

const PLENTY = 1_000_000
const DAY = 86_400_000

/** What `Files` promises, but for what the log writes of it. */
export const filesContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: files`, openStore, (scene) => {
    it('keeps a file as it was added, once its bytes were claimed', async () => {
      const stage = scene()
      const { files, tick } = stage
      const file = fileFor(stage, await stage.person(), { width: 3, height: 4, thumbhash: 'AAAA', clientFileId: 'key', hasPreviews: true })
      expect(await files.add(file, PLENTY)).toBe('unclaimed')
      expect(await files.claim(file, tick())).toBe(true)
      expect(await files.add(file, PLENTY)).toEqual(file)
      expect(await files.get(file.id)).toEqual(file)
      expect(await files.byKey(file.ownerId, 'key')).toEqual(file)
      expect(await files.byKey(file.ownerId, 'other')).toBeUndefined()
      expect(await files.get(stage.newId() as FileId)).toBeUndefined()
      const plain = await added(stage, file.ownerId)
      expect(await files.get(plain.id)).toEqual(plain)
    })

    it('adds one file for a key, however many come at the same time', async () => {
      const stage = scene()
      const ann = await stage.person()
      const all = Array.from({ length: 6 }, () => fileFor(stage, ann, { clientFileId: 'once' }))
      for (const file of all) await stage.files.claim(file, stage.tick())
      const results = (await Promise.all(all.map((file) => stage.files.add(file, PLENTY)))) as StoredFile[]
      expect(new Set(results.map(({ id }) => id)).size).toBe(1)
      expect(await stage.files.byKey(ann, 'once')).toEqual(results[0])
    })

    it('counts files and open uploads of one user against the quota, in parallel, too', async () => {
      const stage = scene()
      const { files } = stage
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const all = Array.from({ length: 8 }, () => fileFor(stage, ann, { size: 100 }))
      for (const file of all) await files.claim(file, stage.tick())
      const results = await Promise.all(all.map((file) => files.add(file, 550)))
      expect(results.filter((result) => result === 'quota-full')).toHaveLength(3)
      expect(await files.beginUpload(uploadFor(stage, ann, { length: 51 }), 550)).toBe('quota-full')
      const upload = uploadFor(stage, ann, { length: 50 })
      expect(await files.beginUpload(upload, 550)).toEqual(upload)
      const whole = fileFor(stage, ann, { id: upload.id, size: 50 })
      await files.claim(whole, stage.tick())
      expect(await files.add(whole, 550)).toEqual(whole)
      expect(await files.beginUpload(uploadFor(stage, ann, { length: 1 }), 550)).toBe('quota-full')
      expect(await files.beginUpload(uploadFor(stage, bob, { length: 550 }), 550)).toMatchObject({ ownerId: bob })
      expect(await files.beginUpload(uploadFor(stage, stage.newId() as UserId), 550)).toBe('no-owner')
    })

    it('shows a file that no message has to its owner alone, who removes it', async () => {
      const stage = scene()
      const { files, tick } = stage
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const [one, two] = [await added(stage, ann), await added(stage, bob)]
      expect(await files.visible(ann, [one.id, two.id, one.id, stage.newId() as FileId])).toEqual([one])
      expect(await files.visible(ann, [])).toEqual([])
      expect(await files.remove(bob, one.id, tick())).toBe('absent')
      expect(await files.remove(ann, one.id, tick())).toBe('removed')
      expect(await files.remove(ann, one.id, tick())).toBe('absent')
    })

    it('moves an upload on from where it stands, for one of many', async () => {
      const stage = scene()
      const { files } = stage
      const upload = uploadFor(stage, await stage.person(), { clientFileId: 'key' })
      await files.beginUpload(upload, PLENTY)
      expect(await files.beginUpload({ ...upload, id: stage.newId() as FileId }, PLENTY)).toEqual(upload)
      const tries = await Promise.all([1, 2, 3].map((n) => files.advance(upload.id, { offset: 0, name: `a${n}`, size: n })))
      expect(tries.filter(Boolean)).toHaveLength(1)
      const size = tries.indexOf(true) + 1
      expect(await files.advance(upload.id, { offset: 0, name: 'late', size: 5 })).toBe(false)
      expect(await files.advance(upload.id, { offset: size, name: 'b', size: 5 })).toBe(true)
      expect(await files.upload(upload.id)).toEqual({ ...upload, received: size + 5, pieces: [`a${size}`, 'b'] })
      await files.forgetPieces(upload.id)
      expect((await files.upload(upload.id))!.pieces).toEqual([])
      await files.endUpload(upload.id)
      expect(await files.upload(upload.id)).toBeUndefined()
      expect(await files.advance(upload.id, { offset: size + 5, name: 'c', size: 1 })).toBe(false)
    })

    it('names uploads that have expired', async () => {
      const stage = scene()
      const ann = await stage.person()
      const [old, fresh] = [uploadFor(stage, ann, { expiresAt: 1_000 }), uploadFor(stage, ann)]
      for (const upload of [old, fresh]) await stage.files.beginUpload(upload, PLENTY)
      const expired = (await stage.files.expired(2_000, 100)).map(({ id }) => id)
      expect([expired.includes(old.id), expired.includes(fresh.id)]).toEqual([true, false])
      await stage.files.endUpload(old.id)
    })

    it('lets go of loose files, then of their bytes, and keeps what came again meanwhile', async () => {
      const stage = scene()
      const { files } = stage
      const ann = await stage.person()
      const [gone, shared] = [await added(stage, ann, { createdAt: 5_000 }), await added(stage, ann, { createdAt: 5_000 })]
      const again = fileFor(stage, ann, { sha256: shared.sha256, createdAt: 9_000 })
      await files.claim(again, 9_000)
      await files.add(again, PLENTY)
      expect(await files.collect(5_000, 10_000, 100)).toBe(0)
      expect(await files.collect(6_000, 10_000, 100)).toBe(2)
      expect([await files.get(gone.id), await files.get(shared.id), await files.get(again.id)]).toEqual([undefined, undefined, again])
      expect(await files.release(10_000, 20_000, 100)).not.toContain(gone.sha256)
      expect(await files.release(10_001, 20_000, 100)).toEqual([gone.sha256])
      expect(await files.release(10_001, 20_000, 100)).toEqual([])
      expect(await files.claim(gone, 20_001)).toBe(false)
      await files.released(gone.sha256)
      expect(await files.claim(gone, 20_002)).toBe(true)
      await files.released(gone.sha256)
      expect(await files.add({ ...gone, clientFileId: undefined }, PLENTY)).toEqual(gone)
    })

    it('takes over from a process that did not come back', async () => {
      const stage = scene()
      const { files } = stage
      const file = await added(stage, await stage.person(), { createdAt: 5_000 })
      await files.remove(file.ownerId, file.id, 6_000)
      expect(await files.release(7_000, DAY, 100)).toContain(file.sha256)
      expect(await files.release(7_000, DAY + 600_001, 100)).toContain(file.sha256)
      expect(await files.claim(file, 2 * DAY)).toBe(true)
      expect(await files.add(file, PLENTY)).toEqual(file)
    })

    it('knows which bytes have files, and takes hold of those that nobody knows', async () => {
      const stage = scene()
      const { files, tick } = stage
      const file = await added(stage, await stage.person())
      const stray = digestFor(stage)
      expect(await files.seize([file.sha256, stray], tick())).toEqual([stray])
      expect(await files.seize([file.sha256, stray], tick())).toEqual([])
      await files.released(stray)
      const before = file.sha256.slice(0, -1)
      expect((await files.digests(before, 1_000)).includes(file.sha256)).toBe(true)
      expect((await files.digests(file.sha256, 1_000)).includes(file.sha256)).toBe(false)
      expect((await files.digests('', 1)).length).toBe(1)
    })

    it('keeps the picture of a user, shows it to all, and lets go of it a day after it is another one', async () => {
      const stage = scene()
      const { files, people } = stage
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const [own, foreign] = [await uploaded(stage, ann, { createdAt: 5_000 }), await uploaded(stage, bob, { createdAt: 5_000 })]
      await people.save([], [{ id: ann, avatarUrl: avatarOfFile(own.id) }])
      expect(await files.visible(bob, [own.id])).toEqual([own])
      expect(await files.remove(ann, own.id, 5_500)).toBe('in-use')
      await files.collect(6_000, 10_000, 100)
      expect([await files.get(own.id), await files.get(foreign.id)]).toEqual([own, undefined])
      expect(await files.mend(10_000)).toBeTypeOf('number')
      await people.save([], [{ id: ann, avatarUrl: null }])
      expect(await files.visible(bob, [own.id])).toEqual([])
      await files.collect(10_000, 20_000, 100)
      expect(await files.get(own.id)).toEqual(own)
      await files.collect(20_001, 30_000, 100)
      expect(await files.get(own.id)).toBeUndefined()
    })

    it('shows nobody a file that only claims to be the picture of a user', async () => {
      const stage = scene()
      const { files, people } = stage
      const [ann, bob, cid] = (await stage.persons(3)) as [UserId, UserId, UserId]
      const file = await uploaded(stage, bob)
      await people.save([], [{ id: ann, avatarUrl: avatarOfFile(file.id) }])
      expect(await files.visible(cid, [file.id])).toEqual([])
    })

    it('keeps the picture of a group, shows it to its members, and lets go of it with the group', async () => {
      const stage = scene()
      const { files, log, group } = stage
      const [ann, bob, cid] = (await stage.persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob)
      const [one, two, three] = [await uploaded(stage, ann), await uploaded(stage, ann), await uploaded(stage, bob)]
      const picture = (avatar: FileId | null) =>
        log.change({ chat, members: [ann], files: avatar ? [avatar] : [] }, (state) =>
          alter(state, { editorId: ann, avatar, at: stage.tick() }),
        )
      await picture(one.id)
      expect((await stage.chats.get(bob, chat))!.chat.avatar).toBe(one.id)
      expect((await stage.chats.list(bob, {}, { limit: 1 })).items[0]!.chat.avatar).toBe(one.id)
      expect([await files.visible(bob, [one.id]), await files.visible(cid, [one.id])]).toEqual([[one], []])
      expect(await files.remove(ann, one.id, stage.tick())).toBe('in-use')
      await expect(picture(three.id)).rejects.toMatchObject({ code: 'file-not-found' })
      await picture(two.id)
      const far = stage.tick() + 10 * DAY
      await files.collect(far - DAY, far, 100)
      await files.collect(far + 1, far + 2 * DAY, 100)
      expect([await files.get(one.id), await files.get(two.id)]).toEqual([undefined, two])
      expect((await log.read(chat, 0, 10)).map(({ type }) => type)).toEqual(['chat.created', 'chat.avatar_changed', 'chat.avatar_changed'])
      await picture(null)
      expect((await stage.chats.get(bob, chat))!.chat.avatar).toBeUndefined()
      expect(await files.visible(bob, [two.id])).toEqual([])
    })

    it('lets go of all that an erased user has uploaded and nobody has', async () => {
      const stage = scene()
      const { files, tick } = stage
      const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
      const [mine, other] = [await added(stage, ann), await added(stage, bob)]
      const upload = uploadFor(stage, ann, { pieces: ['a', 'b'] })
      await files.beginUpload(upload, PLENTY)
      expect((await files.eraseOwner(ann, tick())).map(({ id }) => id)).toEqual([upload.id])
      expect([await files.get(mine.id), await files.get(other.id)]).toEqual([undefined, other])
      // Until they have ended, whoever goes on with the erasure hears of them.
      expect((await files.eraseOwner(ann, tick())).map(({ id, pieces }) => [id, pieces])).toEqual([[upload.id, ['a', 'b']]])
      await files.endUpload(upload.id)
      expect(await files.eraseOwner(ann, tick())).toEqual([])
    })
  })

const digestFor = ({ newId }: Scene): string => newId().replaceAll('-', '').padEnd(64, '0')

export function fileFor(stage: Scene, ownerId: UserId, given: Partial<StoredFile> = {}): StoredFile {
  const sha256 = digestFor(stage)
  return {
    id: stage.newId() as FileId,
    ownerId,
    name: 'Отчёт.pdf',
    size: 10,
    type: 'application/pdf',
    kind: 'file',
    width: undefined,
    height: undefined,
    thumbhash: undefined,
    createdAt: stage.tick(),
    sha256,
    sentSha256: sha256,
    clientFileId: undefined,
    hasPreviews: false,
    ...given,
  }
}

async function added(stage: Scene, ownerId: UserId, given: Partial<StoredFile> = {}): Promise<StoredFile> {
  const file = fileFor(stage, ownerId, given)
  await stage.files.claim(file, file.createdAt)
  await stage.files.add(file, PLENTY)
  return file
}

/** A stored picture. */
export const uploaded = (stage: Scene, ownerId: UserId, given: Partial<StoredFile> = {}): Promise<StoredFile> =>
  added(stage, ownerId, { type: 'image/png', kind: 'image', width: 3, height: 4, ...given })

const uploadFor = ({ newId, tick }: Scene, ownerId: UserId, given: Partial<Upload> = {}): Upload => ({
  id: newId() as FileId,
  ownerId,
  name: 'x',
  clientFileId: undefined,
  length: 10,
  received: 0,
  pieces: [],
  expiresAt: tick() + DAY,
  ...given,
})
