import { readFile } from 'node:fs/promises'
import { createContext, runInContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'

interface Notice {
  readonly title: string
  readonly options: { readonly body: string; readonly tag: string; readonly data: { readonly chatId: string } }
}
type Listener = (event: object) => void
interface OpenTab {
  readonly visibilityState: 'visible' | 'hidden'
  focus(): Promise<void>
  postMessage(what: object): void
}

const code = `const VERSION = '1'; const FILES = []; ${await readFile(new URL('../../../web/sw.js', import.meta.url), 'utf8')}`

let listeners: Map<string, Listener>
let shown: Notice[]
let badge: number | undefined
let tabs: OpenTab[]
let told: object[]
let focused: number
let opened: string[]
const tab = (visibilityState: OpenTab['visibilityState']): OpenTab => ({
  visibilityState,
  focus: async () => void focused++,
  postMessage: (what) => void told.push(what),
})

/** The worker in a world of its own: what it shows and opens is kept. */
beforeEach(() => {
  listeners = new Map()
  shown = []
  tabs = []
  told = []
  opened = []
  focused = 0
  badge = undefined
  const world = {
    location: { origin: 'https://chat.example' },
    addEventListener: (type: string, listener: Listener) => listeners.set(type, listener),
    navigator: { setAppBadge: async (count: number) => void (badge = count), clearAppBadge: async () => void (badge = 0) },
    caches: { match: async (name: string) => (name === '/words' ? Response.json({ message: 'Новое сообщение' }) : undefined) },
    clients: { matchAll: async () => tabs, openWindow: async (url: string) => void opened.push(url) },
    registration: {
      async showNotification(title: string, options: Notice['options']) {
        shown = [...shown.filter((one) => one.options.tag !== options.tag), { title, options }]
      },
      getNotifications: async ({ tag }: { tag: string }) =>
        shown
          .filter(({ options }) => options.tag === tag)
          .map((one) => ({ close: () => void (shown = shown.filter((other) => other !== one)) })),
      pushManager: { subscribe: async () => ({}) },
    },
  }
  runInContext(code, createContext(world))
})

async function dispatch(type: string, event: object): Promise<void> {
  let work: Promise<unknown> | undefined
  listeners.get(type)!({ ...event, waitUntil: (promise: Promise<unknown>) => void (work = promise) })
  await work
}
const push = (message: object) => dispatch('push', { data: { json: () => message } })
const message = { type: 'message', chat_id: 'c', seq: 2, title: 'Ann', body: 'Hello', badge: 3, tag: 'c' }

describe('the worker of the page', () => {
  it('shows what came, the latest of each chat, and the number of unread messages', async () => {
    await push(message)
    await push({ ...message, body: 'Again', badge: 4 })
    await push({ ...message, chat_id: 'd', tag: 'd', title: 'Tea', badge: 5 })
    expect(shown.map(({ title, options: { body, tag } }) => [title, body, tag])).toEqual([
      ['Ann', 'Again', 'c'],
      ['Tea', 'Hello', 'd'],
    ])
    expect(badge).toBe(5)
  })

  it('says in the words of the page that something came where nothing is to be shown of it', async () => {
    await push({ ...message, title: undefined, body: undefined })
    expect(shown).toMatchObject([{ title: 'Новое сообщение', options: { body: '' } }])
  })

  it('is silent while a tab is in sight, and not while one is only open', async () => {
    tabs = [tab('visible')]
    await push(message)
    expect(shown).toEqual([])
    tabs = [tab('hidden')]
    await push(message)
    expect(shown).toHaveLength(1)
  })

  it('closes what was read elsewhere, and nothing else', async () => {
    await push(message)
    await push({ ...message, chat_id: 'd', tag: 'd' })
    await push({ type: 'read', chat_id: 'c', read_seq: 2, badge: 0 })
    expect(shown.map(({ options }) => options.tag)).toEqual(['d'])
    expect(badge).toBe(0)
  })

  it('opens the chat that was pressed, in a tab that is there', async () => {
    const press = () => dispatch('notificationclick', { notification: { data: { chatId: 'c' }, close() {} } })
    await press()
    expect(opened).toEqual(['/#/c/c'])
    tabs = [tab('hidden')]
    await press()
    expect([opened.length, focused, told]).toEqual([1, 1, [{ openChat: 'c' }]])
  })

  it('subscribes anew when the browser has given up an address, and has the page hand it on', async () => {
    tabs = [tab('hidden')]
    await dispatch('pushsubscriptionchange', { oldSubscription: { options: { applicationServerKey: new ArrayBuffer(65) } } })
    expect(told).toEqual([{ keepPush: true }])
  })
})
