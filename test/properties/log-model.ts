import fc from 'fast-check'
import { expect } from 'vitest'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { MessageId } from '../../src/domain/ids.ts'
import { type Action, action, type Deed, perform, type Setting, settingOf } from './log-story.ts'

interface ModelMessage {
  readonly seq: number
  readonly sender: number
  readonly key: number
  readonly first: number
  /** Undefined when deleted. */
  text: number | undefined
  version: number
}

/** A chat, as somebody would keep it on a sheet of paper: who is in and how far they have read, what was said, what happened. */
export interface Model {
  readonly marks: Map<number, number>
  readonly messages: ModelMessage[]
  readonly log: string[]
}

const blank = (): Model => ({ marks: new Map([0, 1, 2].map((who) => [who, 1])), messages: [], log: ['chat.created'] })

type Answer =
  | string
  | { readonly seq: number; readonly replayed: boolean }
  | { readonly version: number; readonly text: string | undefined }
  | { readonly readSeq: number; readonly unread: number }

const words = (text: number | undefined) => (text === undefined ? undefined : `text ${text}`)
const unread = ({ messages, marks }: Model, who: number) =>
  messages.filter((message) => message.seq > marks.get(who)! && message.sender !== who && message.text !== undefined).length

/** What the chat has to answer, and becomes. */
function expected(model: Model, who: number, what: Action): Answer {
  const { marks, messages, log } = model
  const happens = (type: string) => log.push(type)
  const chosen = 'which' in what ? messages[what.which % messages.length] : undefined
  if (!marks.has(who))
    return what.do === 'read'
      ? 'no mark'
      : what.do === 'join'
        ? join(model, what.whom)
        : 'which' in what && !chosen
          ? 'nothing'
          : 'chat-not-found'
  switch (what.do) {
    case 'send': {
      const earlier = messages.find((message) => message.sender === who && message.key === what.key)
      if (earlier) return earlier.first === what.text ? { seq: earlier.seq, replayed: true } : 'key-reused'
      messages.push({ seq: happens('message.sent'), sender: who, key: what.key, first: what.text, text: what.text, version: 1 })
      return { seq: log.length, replayed: false }
    }
    case 'edit':
      if (!chosen) return 'nothing'
      if (chosen.sender !== who) return 'not-allowed'
      if (chosen.text === undefined) return 'message-deleted'
      if (chosen.text !== what.text) {
        happens('message.edited')
        chosen.text = what.text
        chosen.version++
      }
      return { version: chosen.version, text: words(chosen.text) }
    case 'delete':
      if (!chosen) return 'nothing'
      if (chosen.sender !== who && who !== 0) return 'not-allowed'
      if (chosen.text !== undefined) happens('message.deleted')
      chosen.text = undefined
      return { version: chosen.version, text: undefined }
    case 'join':
      return join(model, what.whom)
    case 'leave':
      if (who === 0) return 'last-owner'
      happens('member.left')
      marks.delete(who)
      return 'nothing'
    case 'read':
      marks.set(who, Math.max(marks.get(who)!, Math.min(what.to, log.length)))
      return { readSeq: marks.get(who)!, unread: unread(model, who) }
  }
}

function join({ marks, log }: Model, whom: number): Answer {
  if (!marks.has(whom)) marks.set(whom, log.push('member.added'))
  return 'nothing'
}

function answered({ action: what, sent, changed, marked, refusal }: Pick<Deed, 'action'> & Partial<Deed>): Answer {
  if (refusal) return refusal
  if (sent) return { seq: sent.message.seq, replayed: sent.replayed }
  if (changed) return { version: changed.version, text: changed.text }
  if (what.do === 'read') return marked ? { readSeq: marked.receipt.readSeq, unread: marked.unread } : 'no mark'
  return 'nothing'
}

interface Real extends Setting {
  readonly known: MessageId[]
}

/** One action of one person, alike in the model and in the store. The only owner of a group of one stays: deleting it would end the story. */
const step = ([who, what]: readonly [number, Action]): fc.AsyncCommand<Model, Real> => ({
  check: ({ marks }) => !(what.do === 'leave' && who === 0 && marks.size === 1),
  async run(model, real) {
    const before = model.messages.length
    const outcome = await perform(real, real.people[who]!, what, real.known)
    if (outcome.sent && !outcome.sent.replayed) real.known.push(outcome.sent.message.id)
    expect(answered({ action: what, ...outcome })).toEqual(expected(model, who, what))
    expect(real.known).toHaveLength(Math.max(before, model.messages.length))
  },
  toString: () => `${who} ${JSON.stringify(what)}`,
})

/** Everybody sees what the model holds. */
async function compare(model: Model, { stage, chat, people }: Real): Promise<void> {
  expect((await stage.events(chat)).map((event) => event.type)).toEqual(model.log)
  for (const [who, id] of people.entries()) {
    const view = await stage.chats.get(id, chat)
    const run = await stage.chats.messages(id, chat, { kind: 'newest' }, {}, 100, true)
    if (!model.marks.has(who)) {
      expect([view, run]).toEqual([undefined, undefined])
      continue
    }
    const others = [...model.marks].filter(([other]) => other !== who).map(([, mark]) => mark)
    expect(view).toMatchObject({
      chat: { headSeq: model.log.length, memberCount: model.marks.size },
      me: { readSeq: model.marks.get(who) },
      unread: unread(model, who),
      readByOthers: others.length > 0 ? Math.min(...others) : undefined,
    })
    const isRead = ({ sender, seq }: ModelMessage) => {
      const readers = [...model.marks].filter(([reader]) => reader !== sender)
      return readers.length > 0 && readers.every(([, mark]) => mark >= seq)
    }
    expect(run!.items.map((item) => [item.message.seq, item.message.text, item.message.version, item.isRead])).toEqual(
      model.messages.map((message) => [message.seq, words(message.text), message.version, isRead(message)]),
    )
    expect(run!.total).toBe(model.messages.length)
  }
}

/** Whatever is done, one after the other, the store answers as the model does, and everybody sees what the model holds. */
export const agreesWithModel = (open: () => Promise<StoreHarness>) =>
  fc.asyncProperty(fc.commands([fc.tuple(fc.nat({ max: 3 }), action).map(step)], { maxCommands: 40, size: 'max' }), async (commands) => {
    const model = blank()
    const real = { ...(await settingOf(await open())), known: [] }
    await fc.asyncModelRun(() => ({ model, real }), commands)
    await compare(model, real)
  })
