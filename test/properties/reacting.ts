import fc from 'fast-check'
import { expect } from 'vitest'
import { memoryLog } from '../../src/adapters/memory/log.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { type Combiner, combiner, REACTING, type ReactingLimits, type ReactionCommand } from '../../src/application/messages/reacting.ts'
import type { ChatLog } from '../../src/application/ports/log.ts'
import type { Ports } from '../../src/application/ports/ports.ts'
import { emptyState } from '../../src/domain/decision.ts'
import { evolve } from '../../src/domain/evolve.ts'
import { open } from '../../src/domain/group.ts'
import { unnamed } from '../../src/domain/identity.ts'
import type { ChatId, ClientMessageId, MessageId, UserId } from '../../src/domain/ids.ts'
import { post } from '../../src/domain/posting.ts'
import type { Reacted } from '../../src/domain/reacting.ts'
import { ownKey } from '../../src/domain/reaction.ts'
import { isRefusal } from '../../src/domain/refusal.ts'

export type Needs = Pick<Ports, 'log' | 'clock' | 'later'>
export type Make = (needs: Needs, limits: ReactingLimits) => Combiner

const CHAT = 'chat' as ChatId
const PEOPLE = ['ann', 'bob', 'eve', 'stranger'] as UserId[]
const MESSAGES = ['one', 'two', 'none'] as MessageId[]
const EMOJI = ['👍', '❤️', '❤', '🎉', '1️⃣', '2️⃣', '3️⃣']

/** A log in memory with a group of three and two messages. */
async function newLog(): Promise<ChatLog> {
  const store = memoryStore('epoch')
  for (const id of PEOPLE)
    store.people.set(id, {
      user: {
        ...unnamed(id),
        username: id,
        name: id,
        email: undefined,
        externalId: undefined,
        disabledAt: undefined,
        emailPending: undefined,
        isAdmin: false,
        createdAt: 0,
      },
      passwordHash: undefined,
      deletion: undefined,
    })
  const log = memoryLog(store)
  const [creatorId, ...otherIds] = PEOPLE.slice(0, 3) as [UserId, ...UserId[]]
  const opening = { id: CHAT, key: undefined, kind: 'group' as const, name: 'Group', creatorId, otherIds, at: 0 }
  const consents = otherIds.map((id) => [id, creatorId] as const)
  await log.change({ chat: CHAT, members: [creatorId], people: [creatorId, ...otherIds], consents }, (state) => open(state, opening))
  for (const id of MESSAGES.slice(0, 2)) {
    const clientMessageId = id as string as ClientMessageId
    const draft = { id, senderId: creatorId, clientMessageId, text: id, bodyHash: id, at: 0 }
    const scope = { chat: CHAT, members: [creatorId], earlier: [[creatorId, clientMessageId]] as const }
    await log.change(scope, (state) => post(state, draft as Parameters<typeof post>[1]))
  }
  return log
}

const command: fc.Arbitrary<ReactionCommand> = fc
  .record({
    userId: fc.constantFrom(...PEOPLE),
    messageId: fc.constantFrom(...MESSAGES, 'one' as MessageId, 'one' as MessageId),
    emoji: fc.constantFrom(...EMOJI),
    on: fc.boolean(),
    isForAll: fc.nat({ max: 9 }),
  })
  .map(({ isForAll, ...one }) => (isForAll === 0 ? { ...one, on: false, everyone: true } : one))

const answerOf = (done: Promise<Reacted>): Promise<string> =>
  done.then(
    () => 'done',
    (thrown: unknown) => {
      if (isRefusal(thrown)) return thrown.code
      throw thrown
    },
  )

/** What a log holds: who has reacted how, and how often each kind was counted. */
async function held(log: ChatLog) {
  const events = await log.read(CHAT, 0, 10_000)
  const state = events.reduce((before, event) => evolve(before, event, 'given'), emptyState())
  const own = [...state.own].filter(([, emojis]) => emojis).map(([name, emojis]) => [name, [...emojis!].sort()] as const)
  const sums = [...state.sums].map(
    ([id, tally]) => [id, tally!.sums.map(({ emoji, count }) => `${emoji.replaceAll('\uFE0F', '')} ${count}`).sort()] as const,
  )
  return { events, own: new Map(own), sums: new Map(sums.filter(([, kinds]) => kinds.length > 0)) }
}

/** One command after the other, each committed before the next: what combining must not change. Also what each left its person with. */
async function oneByOne(commands: readonly ReactionCommand[]) {
  const log = await newLog()
  const { react } = combiner({ log, clock: () => 1, later: () => {} })
  const answers: string[] = []
  const left: (readonly string[])[] = []
  for (const each of commands) {
    answers.push(await answerOf(react(CHAT, each)))
    left.push((await held(log)).own.get(ownKey(each.messageId, each.userId)) ?? [])
  }
  return { answers, left, ...(await held(log)) }
}

/**
 * Reactions that come while others are committed are answered as if each had been alone: after their commit, in order, whatever their
 * neighbours meet. In a small chat nothing waits for a clock.
 */
export const combines = (make: Make) =>
  fc.asyncProperty(
    fc.scheduler(),
    fc.array(command, { minLength: 1, maxLength: 24 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 6 }),
    async (s, commands, isLarge, together) => {
      const model = await oneByOne(commands)
      const inner = await newLog()
      let running = 0
      let waits = 0
      const change: ChatLog['change'] = async (scope, decide) => {
        expect(++running).toBe(1)
        await s.schedule(Promise.resolve(), 'before the commit')
        const result = await inner.change(scope, decide).finally(() => running--)
        await s.schedule(Promise.resolve(), 'after the commit')
        return result
      }
      const later: Needs['later'] = (run) => {
        waits++
        void s.schedule(Promise.resolve(), 'gathered').then(run)
      }
      const { react } = make({ log: { ...inner, change }, clock: () => 1, later }, { ...REACTING, together, small: isLarge ? 2 : 3 })
      const answers: string[] = []
      const checks: Promise<void>[] = []
      const asked = s.scheduleSequence(
        commands.map((each, i) => async () => {
          const answer = answerOf(react(CHAT, each)).then(async (text) => {
            answers[i] = text
            // What is committed by now is what this command left, or a later one of the same person.
            const own = (await held(inner)).own.get(ownKey(each.messageId, each.userId)) ?? []
            const allowed = commands.flatMap((other, j) =>
              j >= i && (other.everyone === true || (other.userId === each.userId && other.messageId === each.messageId))
                ? [leftBy(model, commands, each, j)]
                : [],
            )
            if (text === 'done') expect(allowed).toContainEqual(own)
          })
          checks.push(answer)
          return undefined
        }),
      )
      await s.waitFor(asked.task)
      await s.waitFor(Promise.all(checks))
      expect(answers).toEqual(model.answers)
      const { events, own, sums } = await held(inner)
      expect({ own, sums }).toEqual({ own: model.own, sums: model.sums })
      if (!isLarge) expect(waits).toBe(0)
      for (const event of events)
        if (event.type === 'message.reacted') expect(new Set(event.changes.flatMap(({ userIds }) => userIds)).size).toBeLessThanOrEqual(100)
    },
  )

/** What the person of a command had of its message after the command `j`. */
function leftBy(
  { left }: { readonly left: readonly (readonly string[])[] },
  commands: readonly ReactionCommand[],
  of: ReactionCommand,
  j: number,
) {
  let own: readonly string[] = []
  for (let k = 0; k <= j; k++) {
    const each = commands[k]!
    if (each.userId === of.userId && each.messageId === of.messageId) own = left[k]!
    else if (each.everyone === true && each.messageId === of.messageId && each.userId === 'ann')
      own = own.filter((emoji) => emoji !== each.emoji.replaceAll('\uFE0F', ''))
  }
  return own
}
