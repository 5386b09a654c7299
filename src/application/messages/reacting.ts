import type { ChatState, Decision, Scope } from '../../domain/decision.ts'
import type { ChatId, Count, Duration, Instant } from '../../domain/ids.ts'
import { clear, type Outcome, type Reacted, type Reaction, react } from '../../domain/reacting.ts'
import { emojiOf, ownKey } from '../../domain/reaction.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'

export interface ReactingLimits {
  /** Reactions in one change, at most. */
  readonly together: number
  /** Members of a chat in which a reaction is committed at once, at most. */
  readonly small: Count
  /** How long reactions of a larger chat are gathered. */
  readonly gathered: Duration
  /** Reactions that wait or are under way, at most; one more is refused with `overloaded`. */
  readonly held: number
  /** Chats that are known to be large, at most. A chat that is not known is taken for small. */
  readonly large: number
}
export const REACTING: ReactingLimits = { together: 256, small: 100, gathered: 1_000, held: 5_000, large: 10_000 }

/** A reaction of one person; with `everyone`, the removal of everybody's reactions of this kind. */
export interface ReactionCommand extends Reaction {
  readonly everyone?: boolean | undefined
}

/** Puts reactions of many people into few changes: thousands can react to one message at the same time. */
export interface Combiner {
  /** Resolves when the reaction is committed. What comes for a chat while a change of it is under way goes into the next one, in order. */
  react(chatId: ChatId, command: ReactionCommand): Promise<Reacted>
  /** Commits what is gathered, and gathers nothing from now on. */
  flush(): void
}

interface Waiting {
  readonly command: ReactionCommand
  readonly resolve: (reactions: Reacted) => void
  readonly reject: (thrown: unknown) => void
}

/** The reactions of one chat. It exists while some wait or are under way. */
interface Gathering {
  readonly waiting: Waiting[]
  isUnderWay: boolean
}

export function combiner({ log, clock, later }: Pick<Ports, 'log' | 'clock' | 'later'>, limits: ReactingLimits = REACTING): Combiner {
  const chats = new Map<ChatId, Gathering>()
  const large = new Set<ChatId>()
  let held = 0
  let isFlushing = false

  /** Gathers if the chat is large; then commits all that waits by now. */
  function begin(chatId: ChatId, chat: Gathering): void {
    const run = () => {
      if (!chat.isUnderWay && chat.waiting.length > 0) void commit(chatId, chat)
    }
    if (isFlushing || !large.has(chatId)) run()
    else later(run, limits.gathered)
  }

  async function commit(chatId: ChatId, chat: Gathering): Promise<void> {
    chat.isUnderWay = true
    for (const some of changesOf(chat.waiting.splice(0), limits.together)) await commitTogether(chatId, some)
    chat.isUnderWay = false
    if (chat.waiting.length === 0) chats.delete(chatId)
    else begin(chatId, chat)
  }

  async function commitTogether(chatId: ChatId, some: readonly Waiting[]): Promise<void> {
    const commands = some.map(({ command }) => command)
    const at = clock()
    try {
      const { outcomes, memberCount } = await log.change(scopeOf(chatId, commands), (state) => decide(state, commands, at))
      note(chatId, memberCount)
      for (const [i, outcome] of outcomes.entries())
        if ('refusal' in outcome) some[i]!.reject(outcome.refusal)
        else some[i]!.resolve(outcome.reactions)
    } catch (thrown) {
      for (const { reject } of some) reject(thrown)
    } finally {
      held -= some.length
    }
  }

  function note(chatId: ChatId, memberCount: Count): void {
    large.delete(chatId)
    if (memberCount <= limits.small) return
    if (large.size >= limits.large) large.delete(large.values().next().value!)
    large.add(chatId)
  }

  return {
    react: (chatId, command) =>
      new Promise((resolve, reject) => {
        if (held >= limits.held) throw new Refusal('overloaded')
        held++
        const known = chats.get(chatId)
        if (known) return void known.waiting.push({ command, resolve, reject })
        const chat = { waiting: [{ command, resolve, reject }], isUnderWay: false }
        chats.set(chatId, chat)
        begin(chatId, chat)
      }),
    flush() {
      isFlushing = true
      for (const [chatId, chat] of chats) begin(chatId, chat)
    },
  }
}

/** What goes into one change each, in order. A removal of everybody's reactions is a change of its own. */
function changesOf(waiting: readonly Waiting[], together: number): readonly (readonly Waiting[])[] {
  const changes: Waiting[][] = []
  let isOpen = false
  for (const each of waiting) {
    const isAlone = each.command.everyone === true
    if (isOpen && !isAlone && changes.at(-1)!.length < together) changes.at(-1)!.push(each)
    else changes.push([each])
    isOpen = !isAlone
  }
  return changes
}

interface Decided {
  readonly outcomes: readonly Outcome[]
  readonly memberCount: Count
}

function decide(state: ChatState, commands: readonly ReactionCommand[], at: Instant): Decision<Decided> {
  const memberCount = state.chat?.memberCount ?? 0
  const { events, result: outcomes } = commands[0]!.everyone === true ? clearing(state, commands[0]!, at) : react(state, commands, at)
  return { events, result: { outcomes, memberCount } }
}

function clearing(state: ChatState, { userId: removerId, messageId, emoji }: ReactionCommand, at: Instant): Decision<readonly Outcome[]> {
  const { events, result: reactions } = clear(state, { removerId, messageId, emoji, at })
  return { events, result: [{ reactions }] }
}

function scopeOf(chat: ChatId, commands: readonly ReactionCommand[]): Scope {
  const messages = [...new Set(commands.map(({ messageId }) => messageId))]
  const own = new Map(commands.map(({ messageId, userId }) => [ownKey(messageId, userId), [messageId, userId] as const]))
  const reactors = commands.flatMap(({ everyone, messageId, emoji }) => (everyone === true ? [[messageId, emojiOf(emoji)] as const] : []))
  return { chat, members: [...new Set(commands.map(({ userId }) => userId))], messages, sums: messages, own: [...own.values()], reactors }
}
