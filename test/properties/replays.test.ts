import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Caller, ChatApi, NewMessage } from '../../src/application/chat-api.ts'
import { deleteMessage } from '../../src/application/messages/delete-message.ts'
import { editMessage } from '../../src/application/messages/edit-message.ts'
import { getMessage } from '../../src/application/messages/get-message.ts'
import { sendMessage } from '../../src/application/messages/send-message.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatId, ClientMessageId, MessageId, UserId } from '../../src/domain/ids.ts'
import type { Mention } from '../../src/domain/message.ts'
import { isRefusal } from '../../src/domain/refusal.ts'
import { databases } from '../support/databases.ts'
import { openMemory } from '../support/memory.ts'
import { openStore } from '../support/stores.ts'
import { tries } from '../support/tries.ts'

/** What is sent, from few values, so that two are often the same. `undefined` is left out. */
const few = <T>(...values: T[]) => fc.constantFrom(undefined, ...values)
const members = {
  text: fc.constantFrom('abc', ' abc', 'abd'),
  format: few('text' as const, 'markdown' as const),
  mentions: few<readonly number[]>([], [0], [1], [0, 1]),
  kind: few('tea', 'coffee'),
  data: few<object>({}, { a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 }, { a: 1 }),
  replyTo: fc.boolean(),
  /** A forward of one of the sources, which says nothing else. */
  forward: few(0, 1),
}
const plan = fc.record(members)
/** Two plans that differ in two members at most. */
const pairOfPlans = fc
  .tuple(plan, plan, fc.subarray(Object.keys(members) as (keyof Plan)[], { maxLength: 2 }))
  .map(([one, other, names]) => [one, { ...one, ...Object.fromEntries(names.map((name) => [name, other[name]])) }] as [Plan, Plan])
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never
const happening = fc.constantFrom('edit', 'delete', 'edit the source', 'delete the source', 'leave the source')

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}
/** Two plans with the same face are one message. */
const face = ({ text, format = 'text', mentions = [], kind, data, replyTo, forward }: Plan): string =>
  JSON.stringify(forward === undefined ? [text.trim(), format, mentions, kind, sorted(data), replyTo] : [replyTo, 'forward', forward])

type Sends = (store: StoreHarness) => ChatApi['sendMessage']
const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const honest: Sends = (store) => sendMessage({ ...store, clock: () => 1_893_456_000_000, later: () => {}, digest })

async function worldOf(store: StoreHarness, sends: Sends) {
  const scene = sceneOf(store)
  const [ann, bob] = (await scene.persons(2)) as [UserId, UserId]
  const [chatId, other] = [await scene.group(ann, bob), await scene.group(bob, ann)]
  const first = await scene.send(chatId, bob, 'first')
  const sources = [await scene.send(other, bob, 'a source'), await scene.send(other, bob, 'a source')]
  const ports = { ...store, digest, clock: scene.tick, later: () => {} }
  const caller = (userId: UserId) => ({ userId }) as Caller
  const message = ({ mentions, forward, replyTo, ...content }: Plan): { chatId: ChatId } & NewMessage => {
    const about = { chatId, clientMessageId: 'key' as ClientMessageId, replyTo: replyTo ? first.id : undefined }
    if (forward !== undefined) return { ...about, forward: { chatId: other, messageId: sources[forward]!.id } }
    const named = mentions?.map((n): Mention => ({ kind: 'user', userId: [ann, bob][n]!, start: n, length: 1 }))
    return { ...about, ...content, mentions: named, data: content.data as Record<string, unknown> | undefined }
  }
  const happen = {
    'edit': (id: MessageId) => editMessage(ports)(caller(ann), { chatId, messageId: id, text: 'edited', data: { e: 1 } }),
    'delete': (id: MessageId) => deleteMessage(ports)(caller(ann), { chatId, messageId: id }),
    'edit the source': () => scene.edit(other, bob, sources[0]!.id, 'edited'),
    'delete the source': () => scene.remove(other, bob, sources[0]!.id),
    'leave the source': () => scene.dismiss(other, bob, ann),
  }
  return { send: (one: Plan) => sends(store)(caller(ann), message(one)), happen }
}

/** A key stands for what was first sent, however it is written and whatever happened since; other content under it is refused. */
const replaysAreKnown = (store: () => StoreHarness, sends: Sends) =>
  fc.asyncProperty(pairOfPlans, fc.array(happening, { maxLength: 3 }), async ([one, other], happenings) => {
    const { send, happen } = await worldOf(store(), sends)
    const { view } = await send(one)
    // A message that was deleted, or forwarded, is not edited; what was left is left.
    for (const name of happenings) await happen[name](view.message.id).catch((error: unknown) => expect(isRefusal(error)).toBe(true))
    const again = await send(one)
    expect([again.replayed, again.view.message.id]).toEqual([true, view.message.id])
    const answer = await send(other).catch((error: unknown) => (isRefusal(error, 'key-reused') ? error.code : Promise.reject(error)))
    if (face(one) === face(other)) expect(answer).toMatchObject({ replayed: true, view: { message: { id: view.message.id } } })
    else expect(answer).toBe('key-reused')
  })

const runs = { memory: 300, sqlite: 60, postgres: 15 }

describe.each(databases)('sending again on %s', { retry: 0 }, (kind) => {
  let store: StoreHarness | undefined
  beforeAll(async () => {
    store = await openStore(kind)
  })
  afterAll(() => store?.close?.())

  it('finds the message of the key, or says that it was used', { timeout: 120_000 }, async () => {
    await expect(
      fc.assert(
        replaysAreKnown(() => store!, honest),
        { numRuns: tries(runs[kind]) },
      ),
    ).resolves.toBeUndefined()
  })
})

const hashing =
  (change: (text: string) => string): Sends =>
  (store) =>
    sendMessage({ ...store, clock: () => 1_893_456_000_000, later: () => {}, digest: (text) => digest(change(text)) })

const saboteurs: readonly (readonly [that: string, sends: Sends])[] = [
  ['hashes the text alone', hashing((text) => text.split('\0').slice(0, 3).join('\0'))],
  ['hashes no mentions', hashing((text) => text.replace(/\[\{"kind":"user"[^\]]*\]/, '[]'))],
  [
    'hashes data as it was written',
    (store) => (caller, message) => {
      const order = JSON.stringify('data' in message ? message.data : null)
      return hashing((text) => text + order)(store)(caller, message)
    },
  ],
  [
    'looks for the source before the key',
    (store) => async (caller, message) => {
      if (message.forward) await getMessage(store)(caller, message.forward)
      return honest(store)(caller, message)
    },
  ],
  [
    'takes a format that is written out for another',
    (store) => (caller, message) =>
      hashing((text) => text + ('format' in message && message.format === 'text' ? 'text' : ''))(store)(caller, message),
  ],
]

describe('the law of replays', () => {
  it.each(saboteurs)('would notice a service that %s', { timeout: 60_000 }, async (_, sends) => {
    const store = await openMemory()
    const law = replaysAreKnown(() => store, sends)
    expect(await fc.check(law, { numRuns: 2_000, endOnFailure: true })).toMatchObject({ failed: true })
  })
})
