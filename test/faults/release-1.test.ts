import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createChat, memoryPersist } from '../support/golden/client-v0.1.js'
import { httpClient, type SignedInClient } from '../support/http-client.ts'
import { type Service, startService } from '../support/service.ts'
import { tries } from '../support/tries.ts'
import { eventually } from '../support/waiting.ts'

interface Item {
  readonly id: string
  readonly text: string | null
}
interface Frame {
  readonly type: string
  readonly event?: { readonly type: string; readonly message?: Item }
}
/** What a service does to each frame before it sends it. */
type Spoil = (frame: Frame) => Frame

/** What those who write have: a chat, somebody to name, a file, the messages there are. */
interface Scene {
  readonly chat: string
  readonly other: string
  readonly file: string
  readonly pick: string
  readonly key: string
}
type Call = readonly [method: string, path: string, body?: object]

const sending = ({ chat, key }: Scene, content: object): Call => ['post', `/chats/${chat}/messages`, { client_message_id: key, ...content }]
const thumb = encodeURIComponent('👍')

/** Everything that happens in a chat of today, most of which the release has never heard of. What is refused is as good as anything. */
const deeds = {
  text: (scene) => sending(scene, { text: `**${scene.key}**`, format: 'markdown' }),
  file: (scene) => sending(scene, { attachments: [{ file_id: scene.file }] }),
  own: (scene) => sending(scene, { text: 'Ten', kind: 'order', data: { n: 10 } }),
  mention: (scene) => sending(scene, { text: 'hey you', mentions: [{ kind: 'user', user_id: scene.other, start: 4, length: 3 }] }),
  forward: (scene) => sending(scene, { forward: { chat_id: scene.chat, message_id: scene.pick } }),
  edit: ({ chat, pick, key }) => ['patch', `/chats/${chat}/messages/${pick}`, { text: `edited ${key}`, format: 'markdown' }],
  data: ({ chat, pick, key }) => ['patch', `/chats/${chat}/messages/${pick}`, { data: { key } }],
  remove: ({ chat, pick }) => ['delete', `/chats/${chat}/messages/${pick}`],
  react: ({ chat, pick }) => ['put', `/chats/${chat}/messages/${pick}/reactions/${thumb}`],
  unreact: ({ chat, pick }) => ['delete', `/chats/${chat}/messages/${pick}/reactions/${thumb}`],
  pin: ({ chat, pick }) => ['put', `/chats/${chat}/messages/${pick}/pin`],
  unpin: ({ chat, pick }) => ['delete', `/chats/${chat}/messages/${pick}/pin`],
  rename: ({ chat, key }) => ['patch', `/chats/${chat}`, { name: `Group ${key}`, data: { key } }],
  rule: ({ chat, key }) => ['patch', `/chats/${chat}`, { rules: { add: key.length % 2 ? 'admin' : 'member' } }],
} satisfies Readonly<Record<string, (scene: Scene) => Call>>

const stories = fc.array(
  fc.record({ deed: fc.constantFrom(...(Object.keys(deeds) as (keyof typeof deeds)[])), at: fc.nat(100), isByBob: fc.boolean() }),
  { minLength: 10, maxLength: 25 },
)

/** Sockets to a service that spoils what it sends; `sent` has the kinds of frames that the client has sent. */
const socketsOf = (spoil: Spoil, sent: string[]) =>
  class {
    constructor(url: string) {
      return new Proxy(new WebSocket(url), {
        get(socket, name) {
          if (name !== 'send') return Reflect.get(socket, name, socket)
          return (text: string) => {
            sent.push((JSON.parse(text) as Frame).type)
            socket.send(text)
          }
        },
        set(socket, name, value) {
          const hear = value as ((event: { readonly data: string }) => void) | null
          const spoilt = ({ data }: { readonly data: unknown }) => hear!({ data: JSON.stringify(spoil(JSON.parse(String(data)) as Frame)) })
          return Reflect.set(socket, name, name === 'onmessage' && hear ? spoilt : value, socket)
        },
      })
    }
  } as unknown as new (
    url: string,
  ) => globalThis.WebSocket

describe('a client of release 0.1 at the service of today', { timeout: 240_000 }, () => {
  let service: Service
  let [ann, bob, carol]: SignedInClient[] = []
  let file: string
  beforeAll(async () => {
    service = await startService({ env: { RATE_LIMITS: 'off' } })
    const client = httpClient(service.url)
    ;[ann, bob, carol] = [await client.register('Ann'), await client.register('Bob'), await client.register('Carol')]
    file = (await ann.call<{ id: string }>('post', '/files?name=a.txt', 'bytes')).body.id
  })
  afterAll(() => service?.stop())

  /** Every number of the log is applied, nothing is asked for again, and each message shows its text: '' where there is none. */
  const law = (spoil: Spoil = (frame) => frame) =>
    fc.asyncProperty(stories, async (story) => {
      const { body } = await ann!.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'G', member_ids: [bob!.id, carol!.id] })
      const chat = body.id
      await ann!.call(...sending({ chat, key: 'first' } as Scene, { text: 'first' }))

      const [sent, complaints]: [string[], unknown[]] = [[], []]
      const old = createChat({
        url: service.url,
        auth: { getToken: async () => carol!.token },
        persist: memoryPersist(),
        WebSocket: socketsOf(spoil, sent),
      })
      for (const what of ['defect', 'refetched'] as const) old.on(what as never, (told: unknown) => complaints.push(told))
      old.chat(chat).open()
      old.start()
      const shown = () =>
        old
          .chat(chat)
          .timeline.get()
          .rows.map(({ id, text }) => ({ id, text: text ?? null }))
      try {
        await eventually(() => expect([shown().length, sent.includes('resume')]).toEqual([1, true]), { timeoutMs: 20_000 })
        const before = sent.length
        const messages = async () => (await ann!.call<{ items: Item[] }>('get', `/chats/${chat}/messages?limit=100`)).body.items
        for (const [i, { deed, at, isByBob }] of story.entries()) {
          const there = await messages()
          const scene: Scene = { chat, other: carol!.id, file, pick: there[at % there.length]!.id, key: `k${i}` }
          await (isByBob ? bob! : ann!).call(...deeds[deed](scene))
        }
        await ann!.call(...sending({ chat, key: 'last' } as Scene, { text: 'last' }))
        const expected = (await messages()).map(({ id, text }) => ({ id, text }))
        await eventually(() => expect(shown()).toEqual(expected), { timeoutMs: 5_000 })
        old.chat(chat).send('mine')
        await eventually(async () => expect((await messages()).at(-1)?.text).toBe('mine'))
        expect(complaints).toEqual([])
        expect(sent.slice(before).filter((type) => type === 'fetch' || type === 'resume')).toEqual([])
      } finally {
        old.close()
      }
    })

  it('applies every event, shows what it can, and writes', async () => {
    const { failed, counterexample, errorInstance } = await fc.check(law(), { numRuns: tries(10, 2), endOnFailure: true })
    expect({ failed, counterexample, error: errorInstance }).toEqual({ failed: false, counterexample: null, error: null })
  })

  it.each([
    [
      'sends events of other kinds without their members',
      (frame: Frame) => (frame.event && isNew(frame.event.type) ? { type: frame.type } : frame),
    ],
    [
      'has no text for a message without one',
      (frame: Frame) =>
        frame.event?.message?.text === ''
          ? { ...frame, event: { ...frame.event, message: { ...frame.event.message, text: null } } }
          : frame,
    ],
    ['leaves them out', (frame: Frame) => (frame.event && isNew(frame.event.type) ? { type: 'typing' } : frame)],
  ] satisfies [string, Spoil][])('would notice a service that %s', async (_, spoil) => {
    expect((await fc.check(law(spoil), { numRuns: 10, endOnFailure: true })).failed).toBe(true)
  })
})

/** The kinds that the release did not know. */
const isNew = (type: string) => /^(message\.(reacted|pinned|unpinned)|chat\.(data_changed|rules_changed))$/.test(type)
