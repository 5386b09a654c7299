import { readAsOf, writeAsOf } from '../../src/application/live/as-of.ts'
import type { ChatLog } from '../../src/application/ports/log.ts'
import type { ClientMessageId, UserId } from '../../src/domain/ids.ts'
import type { Sabotage } from '../support/simulation.ts'

interface Saboteur {
  readonly that: string
  readonly sabotage: Sabotage
  /** What must be noticed. */
  readonly notices: RegExp
}

let made = 0

/** Every send looks like the first. */
const forgetful = (log: ChatLog): ChatLog => ({
  ...log,
  change: (scope, decide) =>
    log.change(
      scope.earlier ? { ...scope, earlier: scope.earlier.map(([who]) => [who, `other-${++made}` as ClientMessageId] as const) } : scope,
      (state) => decide(scope.earlier ? { ...state, earlier: new Map(scope.earlier.map(([who, key]) => [`${who} ${key}`, null])) } : state),
    ),
})

const oneShort = (log: ChatLog): ChatLog => ({
  ...log,
  read: async (chatId, after, limit) => (await log.read(chatId, after, limit)).slice(1),
})

const twice = (log: ChatLog): ChatLog => ({
  ...log,
  read: async (chatId, after, limit) =>
    (await log.read(chatId, Math.max(0, after - 1), limit)).map((event) => ({ ...event, seq: event.seq > after ? event.seq : after + 1 })),
})

/** Two minutes later: beyond what is looked at again. */
const later = (asOf: string): string => {
  const { at, ...rest } = readAsOf(asOf)!
  return writeAsOf({ ...rest, at: at + 120_000 })
}

export const saboteurs: readonly Saboteur[] = [
  { that: 'says that it stood later than it did', sabotage: { asOf: later }, notices: /stands at|was handed/ },
  {
    that: 'takes kept seats for what the store has',
    sabotage: { moved: (moved) => async (viewer, since) => ({ ...(await moved(viewer, since)), chatIds: [] }) },
    notices: /was level at/,
  },
  { that: 'skips the poll', sabotage: { skipsPolls: true }, notices: /stands at|still has the chat/ },
  { that: 'says that nothing was committed', sabotage: { stamp: () => 'the same' }, notices: /stands at|still has the chat/ },
  { that: 'forgets keys', sabotage: { log: forgetful }, notices: /in the log \d+ times|was acknowledged as/ },
  { that: 'tells before it has committed', sabotage: { tellsFirst: true }, notices: /not in the log|was handed|stands at/ },
  { that: 'resumes one short', sabotage: { log: oneShort }, notices: /stands at|never became level/ },
  { that: 'reads what was already handed over', sabotage: { log: twice }, notices: /not in the log|was handed/ },
  {
    that: 'hands over to who was removed',
    sabotage: { delivered: (delivery) => (delivery.type === 'chat_gone' ? undefined : delivery) },
    notices: /still has the chat/,
  },
  {
    that: 'says that chats are gone which are not',
    sabotage: {
      delivered: (delivery) =>
        delivery.type === 'event' && delivery.event.seq % 7 === 0
          ? { type: 'chat_gone', chatId: delivery.event.chatId, reason: 'removed' }
          : delivery,
    },
    notices: /without a cause/,
  },
  {
    that: 'tells how far somebody else has read',
    sabotage: { delivered: (delivery) => (delivery.type === 'receipt' ? { ...delivery, userId: 'dan' as UserId } : delivery) },
    notices: /who is no member/,
  },
  {
    that: 'tells who has read before it tells of the chat',
    sabotage: {
      delivered: (delivery) =>
        delivery.type === 'event' && delivery.event.type === 'member.added'
          ? {
              type: 'receipt',
              chatId: delivery.event.chatId,
              userId: 'ann' as UserId,
              readSeq: 1,
              at: 0,
              unread: undefined,
              unreadMentions: undefined,
            }
          : delivery,
    },
    notices: /does not have/,
  },
  {
    that: 'moves receipts back',
    sabotage: {
      delivered: (delivery) => (delivery.type === 'receipt' && delivery.readSeq % 3 === 0 ? { ...delivery, readSeq: 1 } : delivery),
    },
    notices: /went back/,
  },
  {
    that: 'marks what nobody has written yet',
    sabotage: {
      receipts: (receipts) => ({
        ...receipts,
        async advance(mark) {
          const marked = await receipts.advance(mark)
          return marked && { ...marked, receipt: { ...marked.receipt, readSeq: mark.to } }
        },
      }),
    },
    notices: /ahead of the log/,
  },
]
