import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Caller } from '../../src/application/chat-api.ts'
import { addMembers } from '../../src/application/chats/add-members.ts'
import { banUser, unbanUser } from '../../src/application/chats/ban-user.ts'
import { createInvitation, joinChat } from '../../src/application/chats/invitations.ts'
import { removeMembers } from '../../src/application/chats/remove-members.ts'
import { renameChat } from '../../src/application/chats/rename-chat.ts'
import { acceptRequest, askToJoin } from '../../src/application/chats/requests.ts'
import { importHistory } from '../../src/application/importing/history.ts'
import { deleteMessage } from '../../src/application/messages/delete-message.ts'
import { sendMessage } from '../../src/application/messages/send-message.ts'
import { provisionChats } from '../../src/application/service/provision-chats.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import { type ChatId, type ClientMessageId, type Instant, SYSTEM_ID, type UserId } from '../../src/domain/ids.ts'
import { isRefusal } from '../../src/domain/refusal.ts'

/** Two processes on one store; what one of them does the other sees in the store alone. */
export type Processes = readonly [StoreHarness, StoreHarness]
export type OpenProcesses = () => Promise<Processes>

const caller = (userId: UserId) => ({ userId }) as Caller

/** The use cases of both processes, with clocks that differ by what the law says. */
function worldOf(processes: Processes, skew: number) {
  let now: Instant = Date.UTC(2031, 0, 1)
  const ports = processes.map((store, i) => ({
    ...store,
    clock: () => now + (i === 0 ? 0 : skew),
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    newSecret: () => store.newId(),
    later: () => {},
    owned() {},
  }))
  return {
    ports: ports as unknown as readonly [(typeof ports)[number], (typeof ports)[number]],
    scene: sceneOf(processes[0]),
    pass: (ms: number) => {
      now += ms
    },
  }
}

/** What is the case of each call: done, or the code of its refusal. */
const outcomesOf = (calls: readonly Promise<unknown>[]): Promise<string[]> =>
  Promise.all(
    calls.map((call) =>
      call.then(
        () => 'done',
        (thrown: unknown) => {
          // An import tells the line of what was refused.
          const reason = thrown instanceof Error && isRefusal(thrown.cause) ? thrown.cause : thrown
          if (isRefusal(reason)) return reason.code
          throw thrown
        },
      ),
    ),
  )

const SLOW_S = 60
const burst = fc.record({
  pass: fc.nat({ max: 2 * SLOW_S }),
  sends: fc.array(fc.record({ by: fc.nat({ max: 1 }), via: fc.nat({ max: 1 }) }), { minLength: 1, maxLength: 6 }),
  deletes: fc.boolean(),
})

/**
 * In slow mode the messages of a member are that far apart, by the times of the log, whichever process took them and whatever was deleted in
 * between; and a burst that may have one gets one.
 */
export const slowModeIsExact = (open: OpenProcesses) =>
  fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 8 }), fc.integer({ min: -5_000, max: 5_000 }), async (bursts, skew) => {
    const { ports, scene, pass } = worldOf(await open(), skew)
    const [owner, ...members] = (await scene.persons(3)) as [UserId, UserId, UserId]
    const chatId = await scene.group(owner, ...members)
    await renameChat(ports[0])(caller(owner), { chatId, rules: { slowS: SLOW_S } })
    let count = 0
    const times = async (by: UserId): Promise<Instant[]> =>
      (await scene.events(chatId)).flatMap((event) => (event.type === 'message.sent' && event.actorId === by ? [event.at] : []))
    for (const { pass: seconds, sends, deletes } of bursts) {
      pass(seconds * 1_000)
      const before = new Map<UserId, readonly Instant[]>()
      for (const by of members) before.set(by, await times(by))
      const send = ({ by, via }: (typeof sends)[number]) =>
        sendMessage(ports[via]!)(caller(members[by]!), { chatId, clientMessageId: `k${count++}` as ClientMessageId, text: 'hello' })
      const outcomes = await outcomesOf(sends.map(send))
      expect(new Set([...outcomes, 'done', 'slow-mode'])).toEqual(new Set(['done', 'slow-mode']))
      for (const [i, by] of members.entries()) {
        const now = await times(by)
        const isDue = (before.get(by)!.at(-1) ?? 0) + SLOW_S * 1_000 <= ports[0].clock() - 5_000
        if (isDue && sends.some((one) => one.by === i)) expect(now.length).toBe(before.get(by)!.length + 1)
        for (const [k, at] of now.slice(1).entries()) expect(at - now[k]!).toBeGreaterThanOrEqual(SLOW_S * 1_000)
      }
      if (deletes) await deleteLast(ports[1], scene, chatId)
    }
  })

async function deleteLast(
  ports: Parameters<typeof deleteMessage>[0],
  { events }: ReturnType<typeof sceneOf>,
  chatId: ChatId,
): Promise<void> {
  const last = (await events(chatId)).findLast((event) => event.type === 'message.sent')
  if (last?.type === 'message.sent') await deleteMessage(ports)(caller(last.actorId), { chatId, messageId: last.message.id })
}

/** However many join by an invitation at once, and however often each, it lets in as many as it says, and counts each once. */
export const usesAreNeverExceeded = (open: OpenProcesses) =>
  fc.asyncProperty(
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.array(fc.record({ who: fc.nat({ max: 5 }), via: fc.nat({ max: 1 }) }), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 4,
    }),
    async (uses, rounds) => {
      const { ports, scene } = worldOf(await open(), 0)
      const [owner, ...people] = (await scene.persons(7)) as [UserId, ...UserId[]]
      const chatId = await scene.group(owner)
      const { code, invitation } = await createInvitation(ports[0])(caller(owner), { chatId, uses })
      const came = new Set<UserId>()
      for (const round of rounds) {
        const outcomes = await outcomesOf(round.map(({ who, via }) => joinChat(ports[via]!)(caller(people[who]!), { code })))
        for (const [i, { who }] of round.entries()) if (outcomes[i] === 'done') came.add(people[who]!)
        expect(new Set([...outcomes, 'done', 'invitation-not-found'])).toEqual(new Set(['done', 'invitation-not-found']))
      }
      const tried = new Set(rounds.flat().map(({ who }) => who)).size
      const { items } = (await ports[0].chats.members(owner, chatId, { limit: 10 }))!
      expect(new Set(items.map(({ person }) => person.id))).toEqual(new Set([owner, ...came]))
      expect(came.size).toBe(Math.min(uses, tried))
      expect((await ports[1].invitations.find(invitation.hash))!.used).toBe(came.size)
    },
  )

/** A hundred people use the code of an invitation for seven at the same moment, half of them in each process. */
export async function hundredJoin(processes: Processes) {
  const { ports, scene } = worldOf(processes, 0)
  const [owner, ...people] = (await scene.persons(101)) as [UserId, ...UserId[]]
  const chatId = await scene.group(owner)
  const { code, invitation } = await createInvitation(ports[0])(caller(owner), { chatId, uses: 7 })
  const outcomes = await outcomesOf(people.map((who, i) => joinChat(ports[i % 2 === 0 ? 0 : 1])(caller(who), { code })))
  const numbers: Record<string, number> = {}
  for (const outcome of outcomes) numbers[outcome] = (numbers[outcome] ?? 0) + 1
  const { chat } = (await ports[1].chats.get(owner, chatId))!
  return { members: chat.memberCount, used: (await ports[0].invitations.find(invitation.hash))!.used, outcomes: numbers }
}

/** Every way into a group that is there, and the file whose call it is. Whoever asks comes in when the staff accepts. */
export const waysIn = {
  add: 'application/chats/add-members.ts',
  join: 'application/chats/invitations.ts',
  accept: 'application/chats/requests.ts',
  provision: 'application/service/provision-chats.ts',
  import: 'application/importing/history.ts',
} as const
type WayIn = keyof typeof waysIn
const wayIns = Object.keys(waysIn) as WayIn[]

const deeds = [...wayIns, 'ask', 'ban', 'unban', 'leave'] as const
type Deed = (typeof deeds)[number]
const step = fc.record({
  deed: fc.constantFrom(...deeds),
  who: fc.nat({ max: 1 }),
  via: fc.nat({ max: 1 }),
  pass: fc.nat({ max: 90 }),
  isForGood: fc.boolean(),
})
/** What each answers that is asked alone, besides being done. */
const alone: { readonly [D in Deed]: readonly string[] } = {
  add: ['banned'],
  join: ['banned'],
  accept: ['banned', 'request-not-found'],
  provision: ['banned'],
  import: ['banned'],
  ask: ['banned'],
  ban: [],
  unban: [],
  leave: ['chat-not-found'],
}

/** A group of a back end, whose owner lets people in, in either process. */
async function groupOf({ ports, scene }: ReturnType<typeof worldOf>) {
  const [owner, ...people] = (await scene.persons(3)) as [UserId, UserId, UserId]
  const externalId = ports[0].newId()
  const external = async (ids: readonly string[]) => new Map(ids.map((id) => [id, { id: id as UserId }]))
  const backEnds = ports.map((of) => ({ ...of, people: { ...of.people, external } }))
  const provision = (via: number, members: readonly UserId[]) =>
    provisionChats(backEnds[via] as never)(caller(SYSTEM_ID), { chats: [{ externalId, name: 'Group', owner, members }] })
  const chatId = (await provision(0, []))[0]!.view.chat.id
  const { code } = await createInvitation(ports[0])(caller(owner), { chatId })
  const asking = await createInvitation(ports[0])(caller(owner), { chatId, needsApproval: true })

  /** A message of somebody whom the chat of the history does not list. */
  function imported(via: number, author: UserId): Promise<unknown> {
    const at = ports[via]!.clock()
    const chat = { chat: externalId, name: 'Group', owner, members: [], at }
    const message = { message: ports[0].newId(), chat: externalId, author, at, text: 'of old' }
    return importHistory(backEnds[via] as never)([chat, message].map((line) => JSON.stringify(line)))
  }
  const does: { readonly [D in Deed]: (via: number, userId: UserId, isForGood: boolean) => Promise<unknown> } = {
    add: (via, userId) => addMembers(ports[via]!)(caller(owner), { chatId, userIds: [userId] }),
    join: (via, userId) => joinChat(ports[via]!)(caller(userId), { code }),
    ask: (via, userId) => askToJoin(ports[via]!)(caller(userId), { code: asking.code }),
    accept: (via, userId) => acceptRequest(ports[via]!)(caller(owner), { chatId, userId }),
    provision: (via, userId) => provision(via, [userId]),
    import: imported,
    ban: (via, userId, isForGood) =>
      banUser(ports[via]!)(caller(owner), { chatId, userId, until: isForGood ? undefined : ports[via]!.clock() + 60_000 }),
    unban: (via, userId) => unbanUser(ports[via]!)(caller(owner), { chatId, userId }),
    leave: (via, userId) => removeMembers(ports[via]!)(caller(userId), { chatId, userIds: [userId] }),
  }
  return { chatId, people, does }
}

/** Whoever is banned comes in by no way before the ban has ended or was lifted; whoever is not comes in by each. */
export const bansBeatEveryWayIn = (open: OpenProcesses) =>
  fc.asyncProperty(
    fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 10 }),
    fc.constantFrom(...wayIns),
    async (plan, last) => {
      const world = worldOf(await open(), 0)
      const { ports, scene, pass } = world
      const { chatId, people, does } = await groupOf(world)
      for (const round of plan) {
        pass(round[0]!.pass * 1_000)
        const outcomes = await outcomesOf(round.map(({ deed, who, via, isForGood }) => does[deed](via, people[who]!, isForGood)))
        if (round.length === 1) expect(['done', ...alone[round[0]!.deed]]).toContain(outcomes[0])
      }
      const banned = new Map<UserId, Instant>()
      const inside = new Set<UserId>()
      for (const event of await scene.events(chatId)) {
        if (event.type === 'member.banned') banned.set(event.userId, event.until ?? Number.POSITIVE_INFINITY)
        if (event.type === 'member.unbanned') banned.delete(event.userId)
        if (event.type === 'member.left' || event.type === 'member.removed') inside.delete(event.userId)
        if (event.type !== 'member.added') continue
        inside.add(event.person.id)
        expect(banned.get(event.person.id) ?? 0).toBeLessThanOrEqual(event.at)
      }
      for (const userId of people) {
        const isBanned = (banned.get(userId) ?? 0) > ports[0].clock()
        if (last === 'accept' && !inside.has(userId))
          expect(await outcomesOf([does.ask(0, userId, false)])).toEqual([isBanned ? 'banned' : 'done'])
        const refusals = last === 'accept' ? ['banned', 'request-not-found'] : ['banned']
        expect(isBanned ? refusals : ['done']).toContain((await outcomesOf([does[last](1, userId, false)]))[0])
      }
    },
  )
