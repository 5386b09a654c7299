import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatState } from '../../src/domain/decision.ts'
import type { ChatEvent, EventOf } from '../../src/domain/event.ts'
import type { UserId } from '../../src/domain/ids.ts'
import type { Member } from '../../src/domain/member.ts'
import type { LawName } from './log-laws.ts'

type Sabotage = (store: StoreHarness) => StoreHarness

/** A store whose log is told otherwise than it is. */
const telling =
  (change: (events: readonly ChatEvent[]) => readonly ChatEvent[]): Sabotage =>
  (store) => ({ ...store, log: { ...store.log, read: async (...asked) => change(await store.log.read(...asked)) } })

/** A store whose decisions see something else than there is. */
const showing =
  (change: (state: ChatState) => ChatState): Sabotage =>
  (store) => ({ ...store, log: { ...store.log, change: (scope, decide) => store.log.change(scope, (state) => decide(change(state))) } })

const marking =
  (change: (readSeq: number, to: number) => number): Sabotage =>
  (store) => ({
    ...store,
    receipts: {
      ...store.receipts,
      async advance(mark) {
        const marked = await store.receipts.advance(mark)
        return marked && { ...marked, receipt: { ...marked.receipt, readSeq: change(marked.receipt.readSeq, mark.to) } }
      },
    },
  })

const nulls = <K, V>(map: ReadonlyMap<K, V | null>) => new Map([...map.keys()].map((key) => [key, null]))
const isSent = (event: ChatEvent): event is EventOf<'message.sent'> => event.type === 'message.sent'

/** Members are remembered from when they were first seen. */
const withStaleMembers: Sabotage = (store) => {
  const cache = new Map<UserId, Member>()
  return showing((state) => {
    for (const [id, member] of state.members) if (member && !cache.has(id)) cache.set(id, member)
    return { ...state, members: new Map([...state.members].map(([id, member]) => [id, member ?? cache.get(id) ?? null])) }
  })(store)
}

/** Every fifth send is acknowledged and not stored. */
const forgetful: Sabotage = (store) => {
  let sends = 0
  const change: typeof store.log.change = (scope, decide) => {
    if (!scope.earlier || ++sends % 5 > 0) return store.log.change(scope, decide)
    let result: ReturnType<typeof decide>['result']
    return store.log
      .change(scope, (state) => {
        result = decide(state).result
        return { events: [], result }
      })
      .then(() => result)
  }
  return { ...store, log: { ...store.log, change } }
}

const countingWrong: Sabotage = (store) => ({
  ...store,
  chats: {
    ...store.chats,
    async get(viewer, chatId) {
      const view = await store.chats.get(viewer, chatId)
      return view && { ...view, unread: view.unread > 2 ? view.unread - 1 : view.unread }
    },
  },
})

const countingOwn: Sabotage = (store) => ({
  ...store,
  chats: {
    ...store.chats,
    async standing(viewer, chatId) {
      const standing = await store.chats.standing(viewer, chatId)
      const own = await store.chats.messages(
        viewer,
        chatId,
        { kind: 'after', seq: standing?.readSeq ?? 0 },
        { senderId: viewer },
        100,
        false,
      )
      return standing && { ...standing, unread: standing.unread + own!.items.length }
    },
  },
})

/** Ways to break a promise, and the law that notices. */
export const saboteurs: readonly { readonly sabotage: Sabotage; readonly law: LawName; readonly that: string }[] = [
  { law: 'keepsKeysOnce', that: 'forgets keys', sabotage: showing((state) => ({ ...state, earlier: nulls(state.earlier) })) },
  { law: 'hasNoHoles', that: 'leaves a hole', sabotage: telling((events) => events.filter((event) => event.seq !== 4)) },
  {
    law: 'hasNoHoles',
    that: 'repeats a number',
    sabotage: telling((events) => events.map((event) => (event.seq === 5 ? { ...event, seq: 4 } : event))),
  },
  {
    law: 'hasNoHoles',
    that: 'tells an event twice',
    sabotage: telling((events) => events.flatMap((event) => (event.seq === 3 ? [event, event] : [event]))),
  },
  {
    law: 'keepsOrder',
    that: 'changes the order of messages',
    sabotage: telling((events) => {
      const reversed = events.filter(isSent).toReversed()
      return events.map((event) => (isSent(event) ? { ...event, message: reversed.shift()!.message } : event))
    }),
  },
  {
    law: 'keepsTimeGoing',
    that: 'tells the time of each sender',
    sabotage: showing((state) => ({ ...state, chat: state.chat && { ...state.chat, headAt: 0 } })),
  },
  { law: 'keepsWhatItAcknowledged', that: 'acknowledges what it then forgets', sabotage: forgetful },
  { law: 'obeysTheRules', that: 'takes permission from a cache', sabotage: withStaleMembers },
  {
    law: 'showsTheLatestTexts',
    that: 'forgets an edit',
    sabotage: telling((events) =>
      events.map((event) =>
        isSent(event) && event.message.version > 1 ? { ...event, message: { ...event.message, version: 1, text: 'text 0' } } : event,
      ),
    ),
  },
  {
    law: 'obeysTheRules',
    that: 'lets deleted messages be deleted again',
    sabotage: showing((state) => ({
      ...state,
      messages: new Map([...state.messages].map(([id, message]) => [id, message && { ...message, deletedAt: undefined }])),
    })),
  },
  {
    law: 'refusesWithReason',
    that: 'does not know its owner now and then',
    sabotage: showing((state) => (state.chat && state.chat.headSeq % 5 === 4 ? { ...state, members: nulls(state.members) } : state)),
  },
  { law: 'movesMarksUpOnly', that: 'takes marks back', sabotage: marking((readSeq, to) => Math.min(readSeq, to)) },
  { law: 'movesMarksUpOnly', that: 'moves marks ahead of the log', sabotage: marking((readSeq, to) => Math.max(readSeq, to)) },
  { law: 'movesMarksUpOnly', that: 'stops short of the mark', sabotage: marking((readSeq) => readSeq - 1) },
  { law: 'countsUnread', that: 'counts one unread message too few', sabotage: countingWrong },
  { law: 'countsUnread', that: 'counts one’s own messages', sabotage: countingOwn },
  {
    law: 'announcesEachOnce',
    that: 'announces twice',
    sabotage: (store) => ({
      ...store,
      get announced() {
        return store.announced.flatMap((events) => (events[0]?.seq === 3 ? [events, events] : [events]))
      },
    }),
  },
  {
    law: 'announcesEachOnce',
    that: 'announces the latest first',
    sabotage: (store) => ({
      ...store,
      get announced() {
        return store.announced.toReversed()
      },
    }),
  },
  {
    law: 'readsInPages',
    that: 'gives one less than a page',
    sabotage: telling((events) => (events.length < 4 ? events.slice(0, -1) : events)),
  },
]
