import { expect, it } from 'vitest'
import type { Session } from '../domain/identity.ts'
import type { SessionId, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

const DAY = 86_400_000

/** What `Sessions` promises. */
export const sessionsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: sessions`, openStore, (scene) => {
    it('keeps a session as it was added', async () => {
      const stage = scene()
      const session = sessionFor(stage, await stage.person(), { deviceName: 'Телефон', spentAt: [1, 2, 3], generation: 3 })
      await stage.sessions.add(session)
      expect(await stage.sessions.get(session.id)).toEqual(session)
      expect(await stage.sessions.get(stage.newId() as SessionId)).toBeUndefined()
      const plain = sessionFor(stage, session.userId, {})
      await stage.sessions.add(plain)
      expect(await stage.sessions.get(plain.id)).toEqual(plain)
    })

    it('replaces a generation once, however many try at the same time', async () => {
      const stage = scene()
      const { sessions, person, tick } = stage
      const session = sessionFor(stage, await person())
      await sessions.add(session)
      const attempts = Array.from({ length: 8 }, () => ({
        ...session,
        generation: 1,
        lastUsedAt: tick(),
        expiresAt: tick() + DAY,
        spentAt: [tick()],
      }))
      const won = await Promise.all(attempts.map((next) => sessions.rotate(0, next)))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await sessions.get(session.id)).toEqual(attempts[won.indexOf(true)])
      expect(await sessions.rotate(0, { ...session, generation: 1 })).toBe(false)
      expect(await sessions.rotate(1, { ...attempts[0]!, generation: 2 })).toBe(true)
      expect((await sessions.get(session.id))!.generation).toBe(2)
    })

    it('does not bring back a session that has ended', async () => {
      const stage = scene()
      const { sessions, person, tick, newId } = stage
      const session = sessionFor(stage, await person())
      await sessions.add(session)
      const endedAt = tick()
      await sessions.end(session.userId, [session.id], endedAt)
      expect(await sessions.rotate(0, { ...session, generation: 1 })).toBe(false)
      expect(await sessions.get(session.id)).toEqual({ ...session, endedAt })
      expect(await sessions.rotate(0, { ...session, id: newId() as SessionId, generation: 1 })).toBe(false)
    })

    it('lists sessions of one person that can be used, newest first', async () => {
      const stage = scene()
      const { sessions, persons, tick } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [old, ended, expired, fresh] = [
        sessionFor(stage, ann),
        sessionFor(stage, ann),
        sessionFor(stage, ann, { expiresAt: tick() }),
        sessionFor(stage, ann),
      ]
      for (const session of [old, ended, expired, fresh, sessionFor(stage, bob)]) await sessions.add(session)
      await sessions.end(ann, [ended.id], tick())
      expect((await sessions.list(ann, tick())).map((session) => session.id)).toEqual([fresh.id, old.id])
    })

    it('tells which sessions of one person come after those that were used last', async () => {
      const stage = scene()
      const { sessions, persons, tick } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [old, ended, used, fresh, expired] = [
        sessionFor(stage, ann),
        sessionFor(stage, ann),
        sessionFor(stage, ann),
        sessionFor(stage, ann),
        sessionFor(stage, ann, { expiresAt: tick() }),
      ]
      for (const session of [old, ended, used, fresh, expired, sessionFor(stage, bob)]) await sessions.add(session)
      await sessions.end(ann, [ended.id], tick())
      await sessions.used(new Map([[used.id, tick()]]))
      const now = tick()
      expect(await sessions.beyond(ann, 0, now)).toEqual([used.id, fresh.id, old.id])
      expect(await sessions.beyond(ann, 1, now)).toEqual([fresh.id, old.id])
      expect(await sessions.beyond(ann, 3, now)).toEqual([])
    })

    it('ends sessions of one person, and nobody else’s', async () => {
      const stage = scene()
      const { sessions, persons, tick, newId } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [one, two, kept, foreign] = [sessionFor(stage, ann), sessionFor(stage, ann), sessionFor(stage, ann), sessionFor(stage, bob)]
      for (const session of [one, two, kept, foreign]) await sessions.add(session)
      const at = tick()
      await sessions.end(ann, [one.id, two.id, foreign.id, newId() as SessionId], at)
      await sessions.end(ann, [], at)
      await sessions.end(ann, [one.id], at + 5)
      expect((await sessions.get(one.id))!.endedAt).toBe(at)
      expect((await sessions.get(two.id))!.endedAt).toBe(at)
      expect((await sessions.get(kept.id))!.endedAt).toBeUndefined()
      expect((await sessions.get(foreign.id))!.endedAt).toBeUndefined()
    })

    it('tells which of many sessions may still be used', async () => {
      const stage = scene()
      const { sessions, people, person, tick, newId } = stage
      const ann = await person()
      const [live, ended] = [sessionFor(stage, ann), sessionFor(stage, ann)]
      const expired = sessionFor(stage, ann, { expiresAt: tick() })
      for (const session of [live, ended, expired]) await sessions.add(session)
      await sessions.end(ann, [ended.id], tick())
      const asked = [live.id, ended.id, expired.id, newId() as SessionId].map((sessionId) => ({ userId: ann, sessionId }))
      expect([...(await sessions.live(asked, tick()))]).toEqual([[live.id, 'live']])
      expect([...(await sessions.live(asked, live.expiresAt))]).toEqual([])
      expect((await sessions.live([{ userId: await person(), sessionId: live.id }], tick())).size).toBe(0)
      await people.erase(ann, tick())
      expect((await sessions.live(asked, tick())).size).toBe(0)
      expect((await sessions.live([], tick())).size).toBe(0)
    })

    it('moves times of last use up, never back', async () => {
      const stage = scene()
      const { sessions, person, tick, newId } = stage
      const ann = await person()
      const [one, two] = [sessionFor(stage, ann), sessionFor(stage, ann)]
      await sessions.add(one)
      await sessions.add(two)
      const later = tick()
      await sessions.used(new Map([one.id, newId() as SessionId].map((id) => [id, later])))
      await sessions.used(new Map([[one.id, later - 1]]))
      await sessions.used(new Map())
      expect(await sessions.get(one.id)).toEqual({ ...one, lastUsedAt: later })
      expect(await sessions.get(two.id)).toEqual(two)
    })

    it('forgets what ended or expired before a time', async () => {
      const stage = scene()
      const { sessions, person } = stage
      const ann = await person()
      const past = { createdAt: 1_000, lastUsedAt: 1_000 }
      const ended = sessionFor(stage, ann, past)
      const expired = sessionFor(stage, ann, { ...past, expiresAt: 2_000 })
      const endedLater = sessionFor(stage, ann, past)
      const live = sessionFor(stage, ann)
      for (const session of [ended, expired, endedLater, live]) await sessions.add(session)
      await sessions.end(ann, [ended.id], 3_000)
      await sessions.end(ann, [endedLater.id], 9_000)
      expect(await sessions.forget(5_000)).toBeGreaterThanOrEqual(2)
      const left = await Promise.all([ended, expired, endedLater, live].map(({ id }) => sessions.get(id)))
      expect(left.map((session) => session?.id)).toEqual([undefined, undefined, endedLater.id, live.id])
    })
  })

function sessionFor({ newId, tick }: Scene, userId: UserId, given: Partial<Session> = {}): Session {
  const createdAt = tick()
  const blank = { deviceName: undefined, endedAt: undefined, generation: 0, spentAt: [] }
  return { id: newId() as SessionId, userId, createdAt, lastUsedAt: createdAt, expiresAt: createdAt + DAY, ...blank, ...given }
}
