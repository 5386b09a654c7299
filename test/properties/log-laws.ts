import { expect } from 'vitest'
import type { ChatEvent } from '../../src/domain/event.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { joinersOf, leaverOf } from '../../src/domain/kinds/kinds.ts'
import type { Message } from '../../src/domain/message.ts'
import type { Deed, Story } from './log-story.ts'

/** What is true of every story, whatever was done and in whatever order. Each fails with an assertion. */
export type Law = (story: Story) => void | Promise<void>

const messagesOf = (log: readonly ChatEvent[]): Message[] => log.flatMap((event) => (event.type === 'message.sent' ? [event.message] : []))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
/** Pairs of which the second was asked for when the first had been answered. */
const inSuccession = (deeds: readonly Deed[]) => deeds.flatMap((a) => deeds.filter((b) => a.ended < b.began).map((b) => [a, b] as const))

/** The log is 1, 2, 3 …, and so are its messages. */
const hasNoHoles: Law = ({ log }) => {
  expect(log.map((event) => event.seq)).toEqual(upTo(log.length))
  expect(messagesOf(log).map((message) => message.n)).toEqual(upTo(messagesOf(log).length))
  for (const event of log) if (event.type === 'message.sent') expect(event.message.seq).toBe(event.seq)
}

/** However often a key is sent, there is one message, one who sent it first, and one answer. */
const keepsKeysOnce: Law = ({ log, deeds }) => {
  const names = messagesOf(log).map((message) => `${message.sender.id} ${message.clientMessageId}`)
  expect(new Set(names).size).toBe(names.length)
  for (const message of messagesOf(log)) {
    const answers = deeds.filter(
      ({ who, action, sent }) =>
        sent && who === message.sender.id && action.do === 'send' && `key ${action.key}` === message.clientMessageId,
    )
    expect(new Set(answers.map(({ sent }) => `${sent!.message.id} ${sent!.message.seq}`)).size).toBe(1)
    expect(answers.filter(({ sent }) => !sent!.replayed)).toHaveLength(1)
  }
}

/** Whatever was acknowledged is there, where the answer said, and nothing else. */
const keepsWhatItAcknowledged: Law = ({ log, deeds }) => {
  const stored = messagesOf(log)
  for (const { sent } of deeds)
    if (sent) expect(log[sent.message.seq - 1]).toMatchObject({ type: 'message.sent', message: { id: sent.message.id } })
  for (const { changed } of deeds) if (changed) expect(log[changed.changedSeq - 1]!.type).toMatch(/^message\./)
  expect(stored.map((message) => message.id).sort()).toEqual(
    deeds.flatMap(({ sent }) => (sent && !sent.replayed ? [sent.message.id] : [])).sort(),
  )
}

/** What was asked for after an answer comes after it in the log, and times go the same way. */
const keepsOrder: Law = ({ log, deeds }) => {
  const fresh = deeds.filter(({ sent }) => sent && !sent.replayed)
  for (const [a, b] of inSuccession(fresh)) expect(a.sent!.message.seq).toBeLessThan(b.sent!.message.seq)
  const places = new Map(messagesOf(log).map((message, i) => [message.id, i]))
  for (const [a, b] of inSuccession(fresh)) expect(places.get(a.sent!.message.id)!).toBeLessThan(places.get(b.sent!.message.id)!)
}

const keepsTimeGoing: Law = ({ log }) => {
  const times = log.map((event) => event.at)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  for (const message of messagesOf(log)) expect(message.at).toBe(log[message.seq - 1]?.at)
}

/** Texts are those of the last change, in the log and in the history alike. */
const showsTheLatestTexts: Law = async ({ stage, chat, people, log, deeds }) => {
  for (const message of messagesOf(log)) {
    const answers = deeds.flatMap(({ sent, changed }) => [sent?.message, changed]).filter((answer) => answer?.id === message.id)
    const latest = answers.reduce((a, b) => (b!.changedSeq > a!.changedSeq ? b : a))!
    expect(message).toMatchObject({ text: latest.text, version: latest.version, deletedAt: latest.deletedAt })
    const { at } = log.findLast((event) => 'messageId' in event && event.messageId === message.id) ?? log[message.seq - 1]!
    expect(message.deletedAt ?? message.editedAt ?? message.at).toBe(at)
  }
  const run = await stage.chats.messages(people[0]!, chat, { kind: 'newest' }, {}, 100, false)
  expect(run!.items.map(({ message }) => [message.id, message.seq, message.text])).toEqual(
    messagesOf(log).map(({ id, seq, text }) => [id, seq, text]),
  )
}

/** Only who is in at that point of the log acts, only authors edit, nobody comes twice or goes twice. */
const obeysTheRules: Law = ({ log }) => {
  const present = new Set<UserId>()
  const authors = new Map(messagesOf(log).map((message) => [message.id, message.sender.id]))
  const deleted = new Set<string>()
  for (const event of log) {
    if (event.type === 'chat.created') present.add(event.actorId)
    expect(present).toContain(event.actorId)
    for (const joiner of joinersOf(event)) {
      expect(event.type === 'chat.created' || !present.has(joiner)).toBe(true)
      present.add(joiner)
    }
    const leaver = leaverOf(event)
    if (leaver) expect(present.delete(leaver)).toBe(true)
    if (event.type === 'message.edited') {
      expect(authors.get(event.messageId)).toBe(event.actorId)
      expect(deleted).not.toContain(event.messageId)
    }
    if (event.type === 'message.deleted') {
      expect(deleted).not.toContain(event.messageId)
      deleted.add(event.messageId)
    }
  }
}

/** Nobody who may is refused: the owner, who stays, is let through. */
const refusesWithReason: Law = ({ people, deeds, log }) => {
  for (const { who, action, refusal } of deeds) {
    if (action.do === 'send' && who === people[0]) expect([undefined, 'key-reused']).toContain(refusal)
    if (action.do === 'send' && refusal === 'key-reused')
      expect(messagesOf(log).some((message) => message.sender.id === who && message.clientMessageId === `key ${action.key}`)).toBe(true)
  }
}

/** A mark goes up only, as far as was asked for, and never beyond the head. */
const movesMarksUpOnly: Law = async ({ stage, chat, people, deeds, log }) => {
  const marks = deeds.filter(({ marked }) => marked)
  for (const { who, action, began, marked } of marks) {
    const { readSeq } = marked!.receipt
    expect(readSeq).toBeLessThanOrEqual(log.length)
    const head = Math.max(1, ...deeds.filter(({ sent, ended }) => sent && ended < began).map(({ sent }) => sent!.message.seq))
    if (action.do === 'read') expect(readSeq).toBeGreaterThanOrEqual(Math.min(action.to, head))
    const view = await stage.chats.get(who, chat)
    if (view) expect(view.me.readSeq).toBeGreaterThanOrEqual(readSeq)
  }
  for (const [a, b] of inSuccession(marks))
    if (a.who === b.who) expect(b.marked!.receipt.readSeq).toBeGreaterThanOrEqual(a.marked!.receipt.readSeq)
  const members = (await stage.chats.members(people[0]!, chat, { limit: 100 }))!.items
  for (const { person, readSeq } of members) expect((await stage.chats.get(person.id, chat))!.me.readSeq).toBe(readSeq)
}

/** What is unread is what a count says, wherever it is told. */
const countsUnread: Law = async ({ stage, chat, people, log }) => {
  for (const who of people) {
    const view = await stage.chats.get(who, chat)
    if (!view) continue
    const count = messagesOf(log).filter(
      (message) => message.seq > view.me.readSeq && message.sender.id !== who && message.deletedAt === undefined,
    ).length
    const listed = (await stage.chats.list(who, {}, { limit: 1 })).items[0]!
    const marked = await stage.receipts.advance({ chatId: chat, userId: who, to: 0, at: stage.tick() })
    expect([view.unread, listed.unread, (await stage.chats.standing(who, chat))!.unread, marked!.unread]).toEqual([
      count,
      count,
      count,
      count,
    ])
  }
}

/** Every event is announced once, in the order of the log. */
const announcesEachOnce: Law = ({ stage, chat, log }) => {
  const told = stage.announcedOf(chat)
  expect(told.map(({ seq, type, at, actorId }) => [seq, type, at, actorId])).toEqual(
    log.map(({ seq, type, at, actorId }) => [seq, type, at, actorId]),
  )
}

/** Pages of any size make up the same log. */
const readsInPages: Law = async ({ stage, chat, log }) => {
  for (const size of [1, 3]) expect(await stage.events(chat, size)).toEqual(log)
}

export const laws = {
  hasNoHoles,
  keepsKeysOnce,
  keepsWhatItAcknowledged,
  keepsOrder,
  keepsTimeGoing,
  showsTheLatestTexts,
  obeysTheRules,
  refusesWithReason,
  movesMarksUpOnly,
  countsUnread,
  announcesEachOnce,
  readsInPages,
} satisfies Record<string, Law>
export type LawName = keyof typeof laws
