import { expect, it } from 'vitest'
import type { PushDevice } from '../application/ports/notices.ts'
import type { ChatId, Instant, SessionId, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

const DAY = 86_400_000

/** What `Notices` and `Sessions` promise of devices that are notified. */
export const devicesContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: devices`, openStore, (scene) => {
    it('are reached with all that decides what they show, but those of the sender and of those who have read', async () => {
      const stage = scene()
      const { ann, bob, chat, sessionId } = await place(stage)
      const device = await keep(stage, bob, sessionId, { content: 'name', level: 'mentions' })
      await keep(stage, ann, (await signIn(stage, ann)).id)
      await stage.notices.setOfChat(bob, chat, { level: 'none', mutedUntil: 5 })
      const { seq } = await stage.send(chat, ann)
      const expected = {
        device,
        chat: { level: 'none', mutedUntil: 5, kind: 'group', name: 'Group' },
        user: { level: 'all', quiet: undefined, digest: false },
        shownSeq: 0,
        isInUseElsewhere: false,
      }
      expect(await reachedBy(stage, chat, ann, seq)).toEqual([expected])
      await stage.notices.showed(device, chat, seq)
      await stage.notices.showed(device, chat, seq - 1)
      expect(await reachedBy(stage, chat, ann, seq)).toEqual([{ ...expected, shownSeq: seq }])
      const other = await signIn(stage, bob)
      await stage.sessions.used(new Map([[other.id, stage.tick()]]))
      expect(await reachedBy(stage, chat, ann, seq, other.lastUsedAt)).toMatchObject([{ isInUseElsewhere: true }])
      await stage.read(chat, bob, seq)
      expect(await reachedBy(stage, chat, ann, seq)).toEqual([])
    })

    it.each(Object.entries(endings))('are reached no longer once %s, nor when that is long ago', async (_, end) => {
      const stage = scene()
      const { ann, bob, chat, sessionId } = await place(stage)
      await keep(stage, bob, sessionId)
      const { seq } = await stage.send(chat, ann)
      expect(await reachedBy(stage, chat, ann, seq)).toHaveLength(1)
      const at = await end(stage, { userId: bob, sessionId })
      expect(await reachedBy(stage, chat, ann, seq, 0, at)).toEqual([])
      await stage.sessions.forget(at + 1)
      expect(await reachedBy(stage, chat, ann, seq, 0, at)).toEqual([])
    })

    it('of the host’s sessions are reached until these end, and for good no longer', async () => {
      const stage = scene()
      const { ann, bob, chat } = await place(stage)
      const sessionId = stage.newId() as SessionId
      await keep(stage, bob, sessionId)
      const { seq } = await stage.send(chat, ann)
      await stage.sessions.usedExternal(new Map([[sessionId, { userId: bob, at: 1_000 }]]))
      await stage.sessions.forget(2_000)
      expect(await reachedBy(stage, chat, ann, seq)).toHaveLength(1)
      await stage.sessions.usedExternal(new Map([[sessionId, { userId: bob, at: 3_000 }]]))
      await stage.sessions.endExternal(sessionId, 9_000)
      expect(await reachedBy(stage, chat, ann, seq)).toEqual([])
      // It ended after this time, though it was used before.
      await stage.sessions.forget(8_000)
      const access = { userId: bob, sessionId, via: 'issuer' as const, issuedAt: 1_000 }
      expect([...(await stage.sessions.live([access], stage.tick()))]).toEqual([])
      await stage.sessions.forget(10_000)
      expect(await reachedBy(stage, chat, ann, seq)).toEqual([])
    })

    it('are reached again when they are kept after a revocation of tokens, or their user is enabled again', async () => {
      const stage = scene()
      const { ann, bob, chat } = await place(stage)
      const sessionId = stage.newId() as SessionId
      await keep(stage, bob, sessionId)
      const { seq } = await stage.send(chat, ann)
      await stage.people.save([], [{ id: bob, tokensAfter: stage.tick(), disabledAt: stage.tick() }])
      await keep(stage, bob, sessionId)
      expect(await reachedBy(stage, chat, ann, seq)).toEqual([])
      await stage.people.save([], [{ id: bob, disabledAt: null }])
      expect(await reachedBy(stage, chat, ann, seq)).toHaveLength(1)
    })

    it.each(Object.entries(dropping))('leave nothing of what they were shown when %s, and keep nothing afterwards', async (_, drop) => {
      const stage = scene()
      const { ann, bob, chat, sessionId } = await place(stage)
      const device = await keep(stage, bob, sessionId)
      const { seq } = await stage.send(chat, ann)
      await stage.notices.showed(device, chat, seq)
      await drop(stage, { userId: bob, sessionId, device })
      await stage.notices.showed(device, chat, seq)
      expect(await stage.notices.cleared(device, chat)).toBe(false)
      await keep(stage, bob, (await signIn(stage, bob)).id)
      expect(await reachedBy(stage, chat, ann, seq)).toMatchObject([{ shownSeq: 0 }])
    })

    it('close what was read since, once', async () => {
      const stage = scene()
      const { ann, bob, chat, sessionId } = await place(stage)
      const device = await keep(stage, bob, sessionId)
      const { seq } = await stage.send(chat, ann)
      await stage.notices.showed(device, chat, seq)
      const own = async () => (await stage.notices.readSince(1_000)).filter(({ chatId }) => chatId === chat)
      expect(await own()).toEqual([])
      await stage.read(chat, bob, seq)
      expect(await own()).toEqual([{ device, chatId: chat, readSeq: seq }])
      expect(await stage.notices.cleared(device, chat)).toBe(true)
      expect(await stage.notices.cleared(device, chat)).toBe(false)
      expect(await own()).toEqual([])
    })
  })

interface Holder {
  readonly userId: UserId
  readonly sessionId: SessionId
}

/** How a device loses who holds it. Returns when. */
const endings: Readonly<Record<string, (stage: Scene, holder: Holder) => Promise<Instant>>> = {
  async 'its session has ended'({ sessions, tick }, { userId, sessionId }) {
    const at = tick()
    await sessions.end(userId, [sessionId], at)
    return at
  },
  'its session has expired': async ({ tick }) => tick() + 2 * DAY,
  async 'its user is disabled'({ people, tick }, { userId }) {
    const at = tick()
    await people.save([], [{ id: userId, disabledAt: at }])
    return at
  },
  async 'the tokens of its user are revoked'({ people, tick }, { userId }) {
    const at = tick()
    await people.save([], [{ id: userId, tokensAfter: at }])
    return at
  },
  async 'its user is deleted'({ people, tick }, { userId }) {
    const at = tick()
    await people.erase(userId, at)
    return at
  },
}

/** How a device goes, while its user stays. */
const dropping: Readonly<Record<string, (stage: Scene, held: Holder & { readonly device: PushDevice }) => Promise<unknown>>> = {
  'they are dropped': ({ notices }, { device }) => notices.dropDevice(device.userId, device.id),
  'another has their endpoint': async (stage, { userId, sessionId, device: { endpoint } }) => {
    await keep(stage, userId, sessionId, { id: 'another', endpoint })
    await stage.notices.dropDevice(userId, 'another')
  },
  async 'their session is forgotten'({ sessions, tick }, { userId, sessionId }) {
    await sessions.end(userId, [sessionId], tick())
    await sessions.forget(tick())
  },
}

/** A group of two, one of whom has signed in. */
async function place(stage: Scene) {
  const [ann, bob] = (await stage.persons(2)) as [UserId, UserId]
  const chat: ChatId = await stage.group(ann, bob)
  return { ann, bob, chat, sessionId: (await signIn(stage, bob)).id }
}

async function signIn({ sessions, newId, tick }: Scene, userId: UserId) {
  const at = tick()
  const times = { createdAt: at, lastUsedAt: at, expiresAt: at + DAY, endedAt: undefined }
  const session = { id: newId() as SessionId, userId, deviceName: undefined, generation: 0, spentAt: [], ...times }
  await sessions.add(session)
  return session
}

async function keep({ notices, tick }: Scene, userId: UserId, sessionId: SessionId, given: Partial<PushDevice> = {}): Promise<PushDevice> {
  const rest = { kind: 'web', keys: { p256dh: 'key', auth: 'secret' }, content: 'full', level: undefined } as const
  const device = { userId, id: 'phone', sessionId, endpoint: `https://push.example/${userId}`, ...rest, ...given }
  await notices.keepDevice(device, tick())
  return device
}

const reachedBy = ({ notices, tick }: Scene, chatId: ChatId, senderId: UserId, seq: number, usedSince = Infinity, now = tick()) =>
  notices.reached({ chatId, seq, senderId }, { now, usedSince: Math.min(usedSince, Number.MAX_SAFE_INTEGER) })
