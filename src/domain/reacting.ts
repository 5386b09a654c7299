import { type ChatState, type Decision, happened, look, nothing } from './decision.ts'
import type { Happening } from './event.ts'
import { requireUnblocked } from './guard.ts'
import type { Instant, MessageId, Seq, UserId } from './ids.ts'
import { STAFF } from './member.ts'
import { asMember, requireRole, undeleted } from './membership.ts'
import type { Message } from './message.ts'
import {
  type Emoji,
  emojiOf,
  NO_REACTIONS,
  ownKey,
  PEOPLE_PER_EVENT,
  REACTION_LIMIT,
  REACTIONS_EACH,
  type ReactionChange,
  type ReactionSum,
  type Reactions,
  reactorsKey,
  shownOf,
  summed,
} from './reaction.ts'
import { isRefusal, Refusal } from './refusal.ts'

/** A person begins (`on`) or ceases to react so. */
export interface Reaction {
  readonly userId: UserId
  readonly messageId: MessageId
  readonly emoji: string
  readonly on: boolean
}

/** The reactions to a message, with the `seq` of the event that made them so: the message's own if there was none. */
export type Reacted = Reactions & { readonly changedSeq: Seq }

/** What became of one of several commands: the others stand, whatever it is. */
export type Outcome = { readonly reactions: Reacted } | { readonly refusal: Refusal }

/** A reaction that differs from what the state holds. */
interface Step extends Reaction {
  readonly key: Emoji
}

/** The reactions to one message while commands are decided. */
interface Target {
  readonly message: Message
  /** How many react so, by kind. */
  readonly counts: Map<Emoji, number>
  /** What each person has now. */
  readonly own: Map<UserId, readonly Emoji[]>
  /** What differs from before, in the order in which it came about. */
  readonly steps: Map<string, Step>
  sums: readonly ReactionSum[]
  changedSeq: Seq | undefined
}

/**
 * Decides reactions of several people in their order, each on what those before it left. A refusal is the outcome of its own command alone.
 * What was done and undone is no change. There is one event for each message and 100 people; its actor is the first of them.
 */
export function react(state: ChatState, commands: readonly Reaction[], at: Instant): Decision<readonly Outcome[]> {
  const targets = new Map<MessageId, Target>()
  const decided = commands.map((command) => attempt(() => decide(state, targets, command)))
  const { chat } = state
  const happenings = chat
    ? [...targets.values()].flatMap((target) => parts([...target.steps.values()]).map((some) => ({ target, some })))
    : []
  const told = happenings.map(
    ({ target, some }, i): Happening => changed(target, some, { actorId: some[0]!.userId, seq: chat!.headSeq + 1 + i }),
  )
  const outcomes = commands.map(({ userId, messageId }, i): Outcome => {
    const refusal = decided[i]
    if (refusal) return { refusal }
    const target = targets.get(messageId)!
    return { reactions: shownTo(target, target.own.get(userId)!) }
  })
  return chat ? happened(chat, at, told, outcomes) : nothing(outcomes)
}

export interface Clearing {
  readonly removerId: UserId
  readonly messageId: MessageId
  readonly emoji: string
  readonly at: Instant
}

/** Removes a kind of reaction of everybody: for the owner and admins. */
export function clear(state: ChatState, { removerId, messageId, emoji, at }: Clearing): Decision<Reacted> {
  const { chat, me } = asMember(state, removerId)
  const message = undeleted(state, messageId, () => requireRole(me, STAFF))
  const target = targetOf(state, message)
  const reactors = look(state.reactors, reactorsKey(messageId, emojiOf(emoji))) ?? []
  const steps = reactors.map(({ userId }): Step => ({ userId, messageId, emoji, on: false, key: emojiOf(emoji) }))
  const told = parts(steps).map((some, i) => changed(target, some, { actorId: removerId, seq: chat.headSeq + 1 + i }))
  return happened(chat, at, told, shownTo(target, look(state.own, ownKey(messageId, removerId)) ?? []))
}

const shownTo = ({ sums, changedSeq, message }: Target, own: readonly Emoji[]): Reacted => ({
  sums,
  changedSeq: changedSeq ?? message.seq,
  own: shownOf(sums, own),
})

function attempt(run: () => void): Refusal | undefined {
  try {
    run()
    return undefined
  } catch (thrown) {
    if (isRefusal(thrown)) return thrown
    throw thrown
  }
}

function decide(state: ChatState, targets: Map<MessageId, Target>, command: Reaction): void {
  const { userId, messageId, on } = command
  const { chat } = asMember(state, userId)
  const message = undeleted(state, messageId)
  let target = targets.get(messageId)
  if (!target) targets.set(messageId, (target = targetOf(state, message)))
  const { counts, own, steps } = target
  const before = look(state.own, ownKey(messageId, userId)) ?? []
  const mine = own.get(userId) ?? before
  own.set(userId, mine)
  const key = emojiOf(command.emoji)
  if (mine.includes(key) === on) return
  if (on) requireUnblocked(chat)
  const count = counts.get(key) ?? 0
  if (on && mine.length >= REACTIONS_EACH) throw new Refusal('reactions-full', { limit: REACTIONS_EACH })
  if (on && count === 0 && counts.size >= REACTION_LIMIT) throw new Refusal('reactions-full', { limit: REACTION_LIMIT })
  own.set(userId, on ? [...mine, key] : mine.filter((other) => other !== key))
  if (!on && count === 1) counts.delete(key)
  else counts.set(key, count + (on ? 1 : -1))
  const name = `${userId} ${key}`
  steps.delete(name)
  if (before.includes(key) !== on) steps.set(name, { ...command, key })
}

function targetOf(state: ChatState, message: Message): Target {
  const { sums, changedSeq } = look(state.sums, message.id) ?? NO_REACTIONS
  const counts = new Map(sums.map(({ emoji, count }) => [emojiOf(emoji), count]))
  return { message, counts, own: new Map(), steps: new Map(), sums, changedSeq }
}

/** What was taken away comes first, so that a message never has more kinds than it may; then as it came, 100 people a part. */
function parts(steps: readonly Step[]): readonly (readonly Step[])[] {
  const all: Step[][] = []
  let people = new Set<UserId>()
  for (const step of steps.length > PEOPLE_PER_EVENT ? steps.toSorted((a, b) => Number(a.on) - Number(b.on)) : steps) {
    if (all.length === 0 || (people.size === PEOPLE_PER_EVENT && !people.has(step.userId))) {
      all.push([])
      people = new Set()
    }
    people.add(step.userId)
    all.at(-1)!.push(step)
  }
  return all
}

/** The event of some steps. The target then has the reactions after it. */
function changed(target: Target, steps: readonly Step[], { actorId, seq }: { readonly actorId: UserId; readonly seq: Seq }): Happening {
  const { message, sums } = target
  const shown = new Map(sums.map(({ emoji }) => [emojiOf(emoji), emoji]))
  const changes = new Map<string, ReactionChange & { readonly userIds: UserId[] }>()
  for (const { key, emoji, on, userId } of steps) {
    const name = `${on} ${key}`
    const change = changes.get(name)
    if (change) change.userIds.push(userId)
    else changes.set(name, { emoji: shown.get(key) ?? emoji, on, userIds: [userId] })
  }
  const all = [...changes.values()]
  target.sums = summed(sums, all)
  target.changedSeq = seq
  return {
    type: 'message.reacted',
    actorId,
    messageId: message.id,
    messageSeq: message.seq,
    changes: all,
    reactions: target.sums,
    reactionsSeq: seq,
  }
}
