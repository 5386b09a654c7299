import { expect, it } from 'vitest'
import { type Access, ENDINGS } from '../application/ports/sessions.ts'
import type { Session } from '../domain/identity.ts'
import type { KeyId, SessionId, UserId } from '../domain/ids.ts'
import type { Key } from '../domain/keys.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

/** What `Keys` promises, and what rests on it: whom keys and other systems let in, and who is added and changed in bulk. */
export const keysContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: keys`, openStore, (scene) => {
    it('keeps a key until it is revoked, which happens once', async () => {
      const { keys, newId, tick, person } = scene()
      const key: Key = { ...blank(scene()), id: newId() as KeyId, scopes: ['read', 'post'], botId: await person(), expiresAt: tick() }
      await keys.add(key)
      expect(await keys.get(key.id)).toEqual(key)
      expect((await keys.list({ limit: 1_000 })).items).toContainEqual(key)
      expect(await keys.get(newId() as KeyId)).toBeUndefined()
      const at = tick()
      expect(await Promise.all([keys.revoke(key.id, at), keys.revoke(key.id, at)])).toEqual(expect.arrayContaining([true, false]))
      expect(await keys.get(key.id)).toEqual({ ...key, revokedAt: at })
      expect((await keys.list({ limit: 1_000 })).items).not.toContainEqual(expect.objectContaining({ id: key.id }))
      expect(await keys.revoke(newId() as KeyId, at)).toBe(false)
    })

    it('lists keys page by page, newest first', async () => {
      const stage = scene()
      const { keys, newId, tick } = stage
      const mine = Array.from({ length: 5 }, (): Key => ({ ...blank(stage), id: newId() as KeyId, scopes: ['read'] }))
      for (const key of mine) await keys.add(key)
      await keys.revoke(mine[2]!.id, tick())
      const found: Key[] = []
      let page = await keys.list({ limit: 2, count: true })
      const { total } = page
      for (; page.next; page = await keys.list({ limit: 2, from: page.next })) {
        expect(page.items).toHaveLength(2)
        found.push(...page.items)
      }
      found.push(...page.items)
      expect(found).toHaveLength(total!)
      expect(found.map(({ id }) => id)).toEqual(
        found
          .map(({ id }) => id)
          .toSorted()
          .toReversed(),
      )
      const wanted = mine.filter((_, i) => i !== 2).map(({ id }) => id)
      expect(found.map(({ id }) => id).filter((id) => mine.some((key) => key.id === id))).toEqual(wanted.toSorted().toReversed())
    })

    it('tells which key still lets in', async () => {
      const stage = scene()
      const { keys, sessions, person, tick, newId } = stage
      const userId = await person()
      const [good, revoked, expired] = [blank(stage), blank(stage), { ...blank(stage), expiresAt: tick() }]
      for (const key of [good, revoked, expired]) await keys.add(key)
      await keys.revoke(revoked.id, tick())
      const all = [good.id, revoked.id, expired.id, newId() as KeyId]
      const accesses = all.map((keyId): Access => ({ userId, sessionId: newId() as SessionId, via: 'key', keyId }))
      expect([...(await sessions.live(accesses, tick()))]).toEqual([[accesses[0]!.sessionId, 'live']])
    })

    it('tells whether a session of another system goes on, and whether its token was revoked', async () => {
      const stage = scene()
      const { sessions, people, person, tick, newId } = stage
      const userId = await person()
      const access = (issuedAt: number, sessionId = newId() as SessionId): Access => ({ userId, sessionId, via: 'issuer', issuedAt })
      const [early, late] = [access(tick()), access(tick() + 1)]
      expect((await sessions.live([early, late], tick())).size).toBe(2)
      await people.save([], [{ id: userId, tokensAfter: early.issuedAt! }])
      expect([...(await sessions.live([early, late], tick()))]).toEqual([[late.sessionId, 'live']])
      await sessions.usedExternal(new Map([[late.sessionId, { userId, at: tick() }]]))
      await sessions.usedExternal(new Map([[late.sessionId, { userId, at: 1 }]]))
      expect((await sessions.live([late], tick())).size).toBe(1)
      await sessions.endExternal(late.sessionId, tick())
      expect((await sessions.live([late], tick())).size).toBe(0)
      const unused = access(tick())
      await sessions.endExternal(unused.sessionId, tick())
      expect((await sessions.live([unused], tick())).size).toBe(0)
    })

    it('tells that a user is disabled', async () => {
      const { sessions, people, person, tick, newId } = scene()
      const userId = await person()
      const access = { userId, sessionId: newId() as SessionId, via: 'identify' as const }
      await people.save([], [{ id: userId, disabledAt: tick() }])
      expect([...(await sessions.live([access], tick()))]).toEqual([[access.sessionId, 'disabled']])
      expect((await people.get(userId))!.disabledAt).toBeDefined()
      await people.save([], [{ id: userId, disabledAt: null }])
      expect([...(await sessions.live([access], tick()))]).toEqual([[access.sessionId, 'live']])
    })

    it('names whose access has ended since a time, and nobody else', async () => {
      const stage = scene()
      const { keys, people, sessions, persons, newId } = stage
      // Long after whatever else the store holds.
      const since = Date.UTC(2040, 0, 1)
      const now = since + 1_000
      const [erased, disabled, revokedUser, before, whole] = (await persons(5)) as [UserId, UserId, UserId, UserId, UserId]
      await people.erase(erased, since)
      await people.save([], [{ id: disabled, disabledAt: now }])
      await people.save([], [{ id: revokedUser, tokensAfter: since + 1 }])
      await people.save([], [{ id: before, disabledAt: since - 1, tokensAfter: since - 1 }])
      const session = (given: Partial<Session> = {}): Session => ({ ...opened, id: newId() as SessionId, userId: whole, ...given })
      const [ended, expired, live, past] = [session(), session({ expiresAt: now }), session(), session({ expiresAt: since - 1 })]
      for (const one of [ended, expired, live, past]) await sessions.add(one)
      await sessions.end(whole, [ended.id], since)
      const [external, externalPast] = [newId() as SessionId, newId() as SessionId]
      await sessions.endExternal(external, since)
      await sessions.endExternal(externalPast, since - 1)
      const [revokedKey, expiredKey, goodKey] = [
        blank(stage),
        { ...blank(stage), expiresAt: since },
        { ...blank(stage), expiresAt: now + 1 },
      ]
      for (const key of [revokedKey, expiredKey, goodKey]) await keys.add(key)
      await keys.revoke(revokedKey.id, since)

      const endings = await sessions.endings(since, now)
      const among = <Id>(some: ReadonlySet<Id>, mine: readonly Id[]) => mine.filter((id) => some.has(id))
      expect(among(endings!.sessions, [ended.id, expired.id, external, live.id, past.id, externalPast])).toEqual([
        ended.id,
        expired.id,
        external,
      ])
      expect(among(endings!.users, [erased, disabled, revokedUser, before, whole])).toEqual([erased, disabled, revokedUser])
      expect(among(endings!.keys, [revokedKey.id, expiredKey.id, goodKey.id])).toEqual([revokedKey.id, expiredKey.id])
    })

    it('names nobody where too many have ended', async () => {
      const { sessions, person, newId } = scene()
      const userId = await person()
      const [few, since] = [Date.UTC(2041, 0, 2), Date.UTC(2041, 0, 1)]
      const ends = (expiresAt: number) => sessions.add({ ...opened, id: newId() as SessionId, userId, expiresAt })
      await Promise.all(Array.from({ length: ENDINGS }, () => ends(since)))
      expect((await sessions.endings(since, since))!.sessions.size).toBe(ENDINGS)
      await ends(few)
      expect(await sessions.endings(since, few)).toBeUndefined()
      expect((await sessions.endings(few, few))!.sessions.size).toBe(1)
    })

    it('adds and changes users together, all or none', async () => {
      const stage = scene()
      const { people, person, freshName, newId } = stage
      const [ann, bob] = [await person(), await person({ email: `${freshName()}@example.com` })]
      const { username, email } = (await people.get(bob))!
      const cid = newUser(stage)
      const change = { id: ann, name: 'Другая', avatarUrl: 'https://a.example/1' }
      expect(await people.save([cid], [{ ...change, username: username! }])).toBe('username-taken')
      expect(await people.save([{ ...cid, email: email! }], [change])).toBe('email-taken')
      expect((await people.get(ann))!.name).not.toBe('Другая')
      expect(await people.get(cid.id)).toBeUndefined()
      expect(await people.save([cid], [change])).toBe('saved')
      expect(await people.get(ann)).toMatchObject({ name: 'Другая', avatarUrl: change.avatarUrl })
      expect(await people.get(cid.id)).toMatchObject({ externalId: cid.externalId, kind: 'bot' })
      expect(await people.save([newUser(stage, cid.externalId)], [])).toBe('external-id-taken')
      const dan = newUser(stage)
      expect(await people.save([dan], [{ id: dan.id, disabledAt: 5 }])).toBe('saved')
      expect(await people.get(dan.id)).toMatchObject({ externalId: dan.externalId, disabledAt: 5 })
      expect(await people.save([], [{ id: ann, avatarUrl: null }])).toBe('saved')
      expect((await people.get(ann))!.avatarUrl).toBeUndefined()
      const free = freshName()
      expect(await people.save([], [{ id: ann, username: free, passwordHash: 'x', email: `${free}@example.com` }])).toBe('saved')
      expect(await people.credentials(free)).toMatchObject({ user: { id: ann }, passwordHash: 'x' })
      await people.erase(ann, 1)
      expect(await people.save([], [change, { id: newId() as UserId, name: 'Nobody' }])).toBe('saved')
      expect(await people.get(ann)).toBeUndefined()
    })

    it('finds guests whom nobody has used for long', async () => {
      const stage = scene()
      const { people, tick } = stage
      const [old, seen] = [newUser(stage), newUser(stage)]
      for (const guest of [old, seen]) await people.add({ ...guest, kind: 'guest', createdAt: 1_000 })
      await people.seen(new Map([[seen.id, tick()]]))
      const idle = await people.idleGuests(2_000, 1_000)
      expect(idle).toContain(old.id)
      expect(idle).not.toContain(seen.id)
      await people.erase(old.id, tick())
      expect(await people.idleGuests(2_000, 1_000)).not.toContain(old.id)
    })
  })

const blank = ({ newId, tick }: Pick<Scene, 'newId' | 'tick'>): Key => ({
  id: newId() as KeyId,
  hash: newId(),
  name: 'Key',
  scopes: [],
  botId: undefined,
  createdAt: tick(),
  expiresAt: undefined,
  revokedAt: undefined,
})

const newUser = ({ newId, freshName, tick }: Pick<Scene, 'newId' | 'freshName' | 'tick'>, externalId: string = newId()) => ({
  id: newId() as UserId,
  username: freshName(),
  name: 'Cid',
  email: undefined,
  passwordHash: undefined,
  createdAt: tick(),
  kind: 'bot' as const,
  externalId,
})

/** A session that goes on for as long as these rules look. */
const opened = {
  deviceName: undefined,
  createdAt: 0,
  lastUsedAt: 0,
  expiresAt: Date.UTC(2100, 0, 1),
  endedAt: undefined,
  generation: 0,
  spentAt: [],
}
