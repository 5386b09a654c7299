import { describe, expect, it } from 'vitest'
import type { Imported, ImportOptions } from '../../../src/application/importing/history.ts'
import { SYSTEM_ID } from '../../../src/domain/ids.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { TEXT_LIMIT } from '../../../src/domain/words.ts'
import { type Change, processes } from './unpolled.ts'

const user = (id: string) => ({ user: id, name: `Person ${id}` })
const group = { chat: 'c', name: 'General', owner: 'a', members: ['b'], at: 1_000 }
const message = (i: number, more: object = {}) => ({ message: `m${i}`, chat: 'c', author: 'a', at: 2_000 + i, text: `text ${i}`, ...more })
const START = [user('a'), user('b'), group]

function scene(change: Change = () => ({})) {
  let chance = 0
  const here = processes(1, { change: (ports) => ({ random: () => ++chance / 10_000, ...change(ports) }) })
  const lines = (all: readonly (object | string)[]) => all.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  const take = (all: readonly (object | string)[], options?: ImportOptions) => here.app.importHistory(lines(all), options)
  const chat = () => [...here.store.chats.values()][0]!
  const sent = () => chat().sent
  const idOf = (externalId: string) => [...here.store.people.values()].find((one) => one.user.externalId === externalId)!.user.id
  return { here, take, chat, sent, idOf }
}

describe('an import', () => {
  it('says what it has found', async () => {
    const { take } = scene()
    const counts = { users: 2, chats: 1, messages: 2, repeated: 0, skipped: 1 }
    const all = [...START, '', '  ', message(1), message(2, { text: ' ' }), message(3)]
    expect(await take(all)).toEqual(counts)
    expect(await take(all)).toEqual({ ...counts, messages: 0, repeated: 2 })
    expect(await take([])).toEqual({ users: 0, chats: 0, messages: 0, repeated: 0, skipped: 0 })
  })

  it('keeps who wrote what when, in what order, in answer to what', async () => {
    const { take, sent, idOf } = scene()
    await take([...START, message(1), message(2, { author: 'b', reply_to: 'm1' }), message(3, { reply_to: 'lost' })])
    const [first, second, third] = sent()
    expect([first, second, third].map((one) => [one!.text, one!.at, one!.sender.id])).toEqual([
      ['text 1', 2_001, idOf('a')],
      ['text 2', 2_002, idOf('b')],
      ['text 3', 2_003, idOf('a')],
    ])
    expect([first!.replyTo, second!.replyTo, third!.replyTo]).toEqual([undefined, first!.id, undefined])
  })

  it('adds who writes without being listed, then', async () => {
    const { take, chat, idOf, sent } = scene()
    await take([...START, user('v'), message(1), message(2, { author: 'v' }), message(3, { author: 'v' })])
    expect(sent().map(({ sender }) => sender.id)).toEqual([idOf('a'), idOf('v'), idOf('v')])
    const joined = chat().events.filter(({ type }) => type === 'member.added')
    expect(joined.at(-1)).toMatchObject({ at: 2_002, actorId: SYSTEM_ID })
    expect(chat().state.members.get(idOf('v'))).toBeTruthy()
  })

  it('finds users of an earlier import', async () => {
    const { take, sent, idOf } = scene()
    await take([user('a'), user('b')])
    expect(await take([group, message(1)])).toMatchObject({ users: 0, messages: 1 })
    expect(sent()[0]!.sender.id).toBe(idOf('a'))
  })

  it('takes what is of this moment', async () => {
    const { here, take, sent } = scene()
    const at = here.clock.now()
    await take([user('a'), user('b'), { ...group, at }, message(1, { at })])
    expect(sent().map((one) => one.at)).toEqual([at])
  })

  it('looks up users that it has not added, once each', async () => {
    const asked: (readonly string[])[] = []
    const { take } = scene(({ people }) => ({ people: { ...people, external: async (ids) => (asked.push(ids), people.external(ids)) } }))
    const alone = () => asked.splice(0).filter((ids) => ids.length === 1 && ids[0] === 'a')
    await take([...START, message(1), message(2)])
    expect(alone()).toEqual([])
    await take([group, message(3), message(4)])
    expect(alone()).toEqual([['a']])
  })

  it('cuts long texts, of which the first part is what is answered', async () => {
    const { take, sent } = scene()
    const long = `${'😀'.repeat(TEXT_LIMIT)}${'x'.repeat(TEXT_LIMIT)}y`
    const all = [...START, message(1, { text: long }), message(2, { reply_to: 'm1' }), message(3, { text: 'z'.repeat(TEXT_LIMIT) })]
    expect(await take(all)).toMatchObject({ messages: 5 })
    const texts = sent().map(({ text }) => text!)
    expect(texts.slice(0, 3)).toEqual(['😀'.repeat(TEXT_LIMIT), 'x'.repeat(TEXT_LIMIT), 'y'])
    expect([sent()[3]!.replyTo, sent()[1]!.replyTo, texts[4]!.length]).toEqual([sent()[0]!.id, undefined, TEXT_LIMIT])
    expect(await take(all)).toMatchObject({ messages: 0, repeated: 5 })
    const keys = sent().map(({ clientMessageId }) => clientMessageId)
    expect(keys).toEqual(['m1', 'm1#2', 'm1#3', 'm2', 'm3'].map((name) => `history:${name}`))
    await take([...START, message(5, { text: long, reply_to: 'm2' }), message(6, { reply_to: 'm5', text: long })])
    const replies = sent().map(({ replyTo }) => replyTo)
    expect(replies.slice(5)).toEqual([undefined, undefined, undefined, sent()[5]!.id, undefined, undefined])
    const blank = `${'x'.repeat(TEXT_LIMIT)}${' '.repeat(10)}`
    expect(await take([message(4, { text: blank, chat: 'd', at: 5_000 })].flatMap((one) => [{ ...group, chat: 'd' }, one]))).toMatchObject({
      messages: 1,
    })
  })

  it('leaves nothing unread', async () => {
    const { here, take, chat, idOf } = scene()
    await take([...START, message(1), message(2), message(3)])
    for (const name of ['a', 'b']) {
      const caller = { userId: idOf(name), sessionId: 'session' as never }
      expect((await here.app.api.getChat(caller, chat().state.chat.id)).unread).toBe(0)
    }
  })

  it('tells how far it is, every thousand lines', async () => {
    const { take } = scene()
    const told: Imported[] = []
    const all = [...START, ...Array.from({ length: 2_500 }, (_, i) => message(i))]
    await take(all, { onProgress: (soFar) => void told.push(soFar) })
    expect(told).toHaveLength(2)
    expect(told[0]).toMatchObject({ users: 2, chats: 1 })
    expect(told[1]!.messages).toBeGreaterThan(told[0]!.messages)
  })

  it('adds users a hundred at a time, and before whatever needs them', async () => {
    const counts: number[] = []
    const { here, take } = scene(({ people }) => ({
      people: { ...people, save: async (added, changed) => (counts.push(added.length), people.save(added, changed)) },
    }))
    const many = Array.from({ length: 250 }, (_, i) => user(`u${i}`))
    expect(await take(many)).toMatchObject({ users: 250 })
    expect([...here.store.people.values()].filter((one) => one.user.externalId !== undefined)).toHaveLength(250)
    expect(counts).toEqual([100, 100, 50])
  })

  it('has sixty-four messages and marks under way, at most', async () => {
    const most = { messages: 0, marks: 0 }
    const under = { messages: 0, marks: 0 }
    const marked: unknown[] = []
    const counting = async <T>(what: 'messages' | 'marks', run: () => Promise<T>): Promise<T> => {
      most[what] = Math.max(most[what], ++under[what])
      await new Promise<void>((done) => setImmediate(done))
      under[what]--
      return run()
    }
    const { take, sent } = scene(({ log, receipts }) => ({
      log: (onCommit) => {
        const made = log(onCommit)
        return { ...made, change: (scope, decide) => counting('messages', () => made.change(scope, decide)) }
      },
      receipts: {
        ...receipts,
        advance: (mark) => {
          marked.push(mark.userId)
          return counting('marks', () => receipts.advance(mark))
        },
      },
    }))
    const members = Array.from({ length: 150 }, (_, i) => `u${i}`)
    await take([...['a', ...members].map(user), { ...group, members }, ...Array.from({ length: 150 }, (_, i) => message(i))])
    expect([most, sent().length]).toEqual([{ messages: 64, marks: 64 }, 150])
    expect([marked.length, new Set(marked).size]).toEqual([151, 151])
  })

  it('ends where a message cannot be stored, though others were under way', async () => {
    const { take, sent } = scene(({ log }) => ({
      log: (onCommit) => {
        const made = log(onCommit)
        const isFull = (keys: object | undefined) => JSON.stringify(keys ?? '').includes('history:m2')
        return {
          ...made,
          change: (scope, decide) => (isFull(scope.earlier) ? Promise.reject(new Refusal('overloaded')) : made.change(scope, decide)),
        }
      },
    }))
    await expect(take([...START, message(1), message(2), message(3)])).rejects.toMatchObject({ code: 'overloaded' })
    expect(sent().map(({ text }) => text)).toEqual(['text 1', 'text 3'])
    await expect(take([...START, message(1), message(2), { ...group, at: 9_000 }])).rejects.toThrow('line 6 is refused: overloaded')
  })

  it('changes a group that comes again, and does not count it twice', async () => {
    const { take, chat } = scene()
    expect(await take([...START, message(1), { ...group, name: 'Other', at: 3_000 }, message(2_000)])).toMatchObject({
      chats: 1,
      messages: 2,
    })
    expect(chat().state.chat.name).toBe('Other')
  })

  it.each([
    ['a message before its group', [user('a'), message(1)], 'line 2 is in "c", a chat that no line before it has'],
    ['an unknown author', [...START, message(1, { author: 'x' })], 'line 4 is by "x", a user that no line before it has'],
    ['times that go back', [...START, message(2), message(1)], 'line 5 is earlier than one before it in the same chat'],
    ['what is to come', [...START, message(1, { at: 4e12 })], 'line 4 is later than now'],
    ['a group that is to come', [user('a'), user('b'), { ...group, at: 4e12 }], 'line 3 is later than now'],
    ['members who are unknown', [user('a'), group], 'line 2 is refused: user-not-found'],
    ['what is no JSON', ['', '{'], 'line 2 is no JSON'],
  ])('ends with %s, and says where', async (_, lines, why) => {
    const { take } = scene()
    await expect(take(lines)).rejects.toThrow(why)
  })

  it('keeps what stands before a line that cannot be used', async () => {
    const { take, sent, here, idOf, chat } = scene()
    const ended = take([...START, user('z'), message(1), message(2), '{'])
    await expect(ended).rejects.toMatchObject({ message: 'line 7 is no JSON', cause: { message: 'is no JSON' } })
    expect(sent()).toHaveLength(2)
    expect((await here.app.api.getChat({ userId: idOf('b'), sessionId: 'session' as never }, chat().state.chat.id)).unread).toBe(0)
  })
})
