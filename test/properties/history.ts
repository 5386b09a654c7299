import fc from 'fast-check'
import { expect } from 'vitest'
import type { MessageFilter, MessageWindow } from '../../src/application/ports/views.ts'
import { allPages, type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatId, Instant, MessageId, UserId } from '../../src/domain/ids.ts'
import type { Message } from '../../src/domain/message.ts'
import { fold, length } from '../../src/domain/words.ts'

/** Little pieces that make texts and queries meet: case, other scripts, what a database might take for a pattern or for syntax. */
const piece = fc.constantFrom(
  'a',
  'B',
  'ab',
  'при',
  'ВЕТ',
  'Ё',
  '東京',
  '都',
  '😀',
  '%',
  '_',
  '\\',
  '"',
  "'",
  '*',
  ' ',
  '-',
  'OR',
  '\n',
  '100',
  'ß',
)
const textOf = (max: number) => fc.array(piece, { minLength: 1, maxLength: max, size: 'max' }).map((pieces) => pieces.join(''))
const text = textOf(8).map((words) => words.trim() || 'x')
/** Two code points at least. */
export const query = textOf(4)
  .map((words) => fold(words))
  .filter((words) => length(words) >= 2)

type Turn = {
  readonly who: number
  readonly text: string
  readonly then: 'stays' | 'edited' | 'deleted'
  readonly other: string
  readonly isBetween: boolean
}
const turns: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.record({
    who: fc.nat({ max: 1 }),
    text,
    then: fc.constantFrom('stays', 'stays', 'edited', 'deleted'),
    other: text,
    isBetween: fc.boolean(),
  }),
  { maxLength: 14, size: 'max' },
)

const place = fc.nat({ max: 40 })
const offset = fc.nat({ max: 16 })
const windows: fc.Arbitrary<MessageWindow> = fc.oneof(
  fc.constant({ kind: 'newest' as const }),
  fc.record({ kind: fc.constantFrom('before' as const, 'after' as const), seq: place }),
  fc.record({ kind: fc.constant('around' as const), seq: place }),
  fc.record({ kind: fc.constant('offset' as const), offset, fromEnd: fc.boolean() }),
)
const filters = fc.record({ sender: fc.option(fc.nat({ max: 1 }), { nil: undefined }), query: fc.option(query, { nil: undefined }) })
const limits = fc.integer({ min: 1, max: 6 })

interface Told {
  readonly stage: Scene
  readonly chat: ChatId
  readonly people: readonly [UserId, UserId]
  readonly messages: readonly Message[]
}

/** Two people talk; some of what they say is edited or deleted, with other events between. */
async function told(store: StoreHarness, script: readonly Turn[]): Promise<Told> {
  const stage = sceneOf(store)
  const people = (await stage.persons(2)) as [UserId, UserId]
  const chat = await stage.group(...people)
  const messages: Message[] = []
  for (const { who, text, then, other, isBetween } of script) {
    const sender = people[who]!
    let message = await stage.send(chat, sender, text)
    if (then === 'edited') message = await stage.edit(chat, sender, message.id, other)
    if (then === 'deleted') message = await stage.remove(chat, sender, message.id)
    if (isBetween) await stage.rename(chat, people[0], `${message.seq}`)
    messages.push(message)
  }
  return { stage, chat, people, messages }
}

const matching = (messages: readonly Message[], { senderId, query }: MessageFilter) =>
  messages.filter(
    (message) =>
      (!senderId || message.sender.id === senderId) &&
      (query === undefined || (message.text !== undefined && fold(message.text).includes(query))),
  )

/** What a window shows, by walking through all that matches. */
function shown(found: readonly Message[], window: MessageWindow, limit: number): readonly Message[] {
  const below = 'seq' in window ? found.filter((message) => message.seq < window.seq) : []
  const fromOn = 'seq' in window ? found.filter((message) => message.seq >= window.seq) : []
  switch (window.kind) {
    case 'newest':
      return found.slice(-limit)
    case 'before':
      return below.slice(-limit)
    case 'after':
      return fromOn.filter((message) => message.seq > window.seq).slice(0, limit)
    case 'around': {
      const half = Math.floor(limit / 2)
      return [...(half > 0 ? below.slice(-half) : []), ...fromOn.slice(0, limit - half)]
    }
    case 'offset':
      if (!window.fromEnd) return found.slice(window.offset, window.offset + limit)
      return found
        .toReversed()
        .slice(window.offset, window.offset + limit)
        .toReversed()
  }
}

/** Every window on every history shows a run of what matches, and tells what is on both sides of it. */
export const windowsAreExact = (open: () => Promise<StoreHarness>) =>
  fc.asyncProperty(
    turns,
    fc.array(fc.tuple(windows, filters, limits), { minLength: 1, maxLength: 8, size: 'max' }),
    async (script, questions) => {
      const { stage, chat, people, messages } = await told(await open(), script)
      for (const [window, { sender, query }, limit] of questions) {
        const filter = { query, senderId: sender === undefined ? undefined : people[sender] }
        const found = matching(messages, filter)
        const expected = shown(found, window, limit)
        const run = (await stage.chats.messages(people[1], chat, window, filter, limit, true))!
        expect(run.items.map(({ message }) => [message.seq, message.text])).toEqual(expected.map((message) => [message.seq, message.text]))
        expect(run.total).toBe(found.length)
        if (expected.length === 0) continue
        expect([run.hasOlder, run.hasNewer]).toEqual([expected[0] !== found[0], expected.at(-1) !== found.at(-1)])
      }
    },
  )

/** A search finds what a walk through all texts finds, newest first, over pages of any size. */
export const searchIsExact = (open: () => Promise<StoreHarness>) =>
  fc.asyncProperty(turns, fc.array(fc.tuple(query, limits), { minLength: 1, maxLength: 6, size: 'max' }), async (script, questions) => {
    const { stage, people, messages } = await told(await open(), script)
    for (const [wanted, limit] of questions) {
      const found = await allPages((from?: { at: Instant; id: MessageId }) =>
        stage.chats.search(people[0], { query: wanted }, { limit, from }),
      )
      const expected = matching(messages, { query: wanted }).toReversed()
      expect(found.map(({ message }) => message.text)).toEqual(expected.map((message) => message.text))
    }
  })

type Sabotage = (store: StoreHarness) => StoreHarness
const reading =
  (change: (chats: StoreHarness['chats']) => Partial<StoreHarness['chats']>): Sabotage =>
  (store) => ({ ...store, chats: { ...store.chats, ...change(store.chats) } })

export const shortSighted: Record<string, Sabotage> = {
  'shows the place that was to be left out': reading((chats) => ({
    messages: (viewer, chat, window, ...rest) =>
      chats.messages(viewer, chat, window.kind === 'before' ? { ...window, seq: window.seq + 1 } : window, ...rest),
  })),
  'counts an offset from the wrong end': reading((chats) => ({
    messages: (viewer, chat, window, ...rest) =>
      chats.messages(viewer, chat, window.kind === 'offset' ? { ...window, fromEnd: !window.fromEnd } : window, ...rest),
  })),
  'never says that there is more': reading((chats) => ({
    messages: async (...asked) => {
      const run = await chats.messages(...asked)
      return run && { ...run, hasOlder: false }
    },
  })),
  'ignores the sender': reading((chats) => ({
    messages: (viewer, chat, window, filter, ...rest) => chats.messages(viewer, chat, window, { query: filter.query }, ...rest),
  })),
}

export const farSighted: Record<string, Sabotage> = {
  'takes % for anything': reading((chats) => ({
    search: (viewer, filter, window) => chats.search(viewer, { ...filter, query: filter.query.replace(/%/g, '') }, window),
  })),
  'finds whole words only': reading((chats) => ({
    search: async (viewer, filter, window) => {
      const page = await chats.search(viewer, filter, window)
      return { ...page, items: page.items.filter(({ message }) => fold(message.text!).split(/\s+/).includes(filter.query.trim())) }
    },
  })),
  'loses what lies between two pages': reading((chats) => ({
    search: async (viewer, filter, window) => {
      const page = await chats.search(viewer, filter, window)
      return page.next ? { ...page, items: page.items.slice(0, -1) } : page
    },
  })),
}
