import type { Chats } from '../../src/application/ports/chats.ts'
import type { ChatLog, OnCommit } from '../../src/application/ports/log.ts'
import type { Receipts } from '../../src/application/ports/receipts.ts'
import type { ClientMessageId, UserId } from '../../src/domain/ids.ts'
import type { Property } from './recording-checks.ts'

/** Follows a key that was made another one on purpose, so that whoever compares can take it away again. */
export const FORGOTTEN = /#\d+$/

interface Kept {
  readonly log: ChatLog
  readonly receipts: Receipts
  readonly chats: Chats
}
/** What a sabotaged process uses besides what it sabotages. */
export interface Tools {
  readonly onCommit: OnCommit
  readonly random: () => number
  readonly sql: (statement: string) => Promise<unknown>
}

/** What is wrong with a process, and what of its promises is broken by it. */
export interface Saboteur {
  readonly notices: readonly Property[]
  spoil(kept: Kept, tools: Tools): Partial<Kept>
}

let made = 0

const forgetsKeys: Saboteur['spoil'] = ({ log }) => ({
  log: {
    ...log,
    change: (scope, decide) =>
      log.change(scope, (state) => {
        const { events, result } = decide({ ...state, earlier: new Map([...state.earlier.keys()].map((key) => [key, null])) })
        const renamed = events.map((event) => {
          if (event.type !== 'message.sent') return event
          const clientMessageId = `${event.message.clientMessageId}#${process.pid}${++made}` as ClientMessageId
          return { ...event, message: { ...event.message, clientMessageId } }
        })
        return { events: renamed, result }
      }),
  },
})

const tellsFirst: Saboteur['spoil'] = ({ log }, { onCommit, random }) => ({
  log: {
    ...log,
    change: (scope, decide) =>
      log.change(scope, (state) => {
        const decision = decide(state)
        onCommit(decision.events)
        if (random() < 0.1 && decision.events.length > 0) throw new Error('It is not committed after all')
        return decision
      }),
  },
})

const cachesPermissions: Saboteur['spoil'] = ({ chats }) => {
  const known = new Map<UserId, ReturnType<Chats['standings']>>()
  return {
    chats: {
      ...chats,
      async standings(viewer) {
        if (!known.has(viewer)) known.set(viewer, chats.standings(viewer))
        const then = await known.get(viewer)!
        const heads = await chats.heads(then.map(({ chatId }) => chatId))
        return then.map((standing) => ({ ...standing, headSeq: heads.get(standing.chatId) ?? standing.headSeq }))
      },
    },
  }
}

const movesBack: Saboteur['spoil'] = ({ receipts }, { random, sql }) => ({
  receipts: {
    ...receipts,
    async advance(mark) {
      const marked = await receipts.advance(mark)
      if (random() < 0.3)
        await sql(`update members set read_seq = 1, read_n = 0 where chat_id = '${mark.chatId}' and user_id = '${mark.userId}'`)
      return marked
    },
  },
})

const resumesShort: Saboteur['spoil'] = ({ chats }) => ({
  chats: {
    ...chats,
    standings: async (viewer) => (await chats.standings(viewer)).map((standing) => ({ ...standing, headSeq: standing.headSeq - 1 })),
  },
})

const skipsPolls: Saboteur['spoil'] = ({ chats, receipts }) => ({
  chats: { ...chats, heads: async (ids) => new Map(ids.map((id) => [id, 0])), joinedSince: async () => [] },
  receipts: { ...receipts, since: async () => [] },
})

export const saboteurs = {
  'forgets keys': { notices: ['once'], spoil: forgetsKeys },
  'publishes before it has committed': { notices: ['one order', 'level'], spoil: tellsFirst },
  'takes permission from a cache': { notices: ['removed', 'level'], spoil: cachesPermissions },
  'moves receipts back': { notices: ['receipts'], spoil: movesBack },
  'resumes one short': { notices: ['resume'], spoil: resumesShort },
  'skips the poll': { notices: ['level'], spoil: skipsPolls },
} as const satisfies Readonly<Record<string, Saboteur>>
export type Sabotage = keyof typeof saboteurs
