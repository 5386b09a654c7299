import { cursorAt } from '../../../src/client/copy/cursor.ts'
import { itemOf } from '../../../src/client/copy/item.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import { openChat } from '../../../src/client/views/chat.ts'
import { calls, settled, wireChat, wireUser, world } from './views.ts'

const JOINED = { readers: [], typing: [], online: [] }
export const EMPTY = { items: [], next: null, prev: null }
export const bob = {
  user: wireUser('bob'),
  role: 'member',
  joined_at: '2030-01-01T00:00:00.000Z',
  read_seq: 1,
  muted_until: null,
}

/** A chat as a client holds it, on calls that wait; `isKnown`: it is one of the user's. */
export function chatOf({ isUp = true, isKnown = true } = {}) {
  const { all, at } = world()
  const copy = at('chat')
  copy.cursor = cursorAt(1)
  copy.timeline.head = 1
  if (!isKnown) copy.item = copy.cursor = undefined
  const clock = virtualClock()
  const { asked, call, request } = calls()
  const state = { isUp }
  const sent: unknown[] = []
  const added: unknown[] = []
  const absent: unknown[] = []
  const refreshed = calls()
  const view = openChat(copy, {
    copies: all,
    sync: { refresh: (id: string) => refreshed.call(id as never), recount: () => {}, hide: () => {} } as never,
    outbox: { inChat: () => [], add: (draft: object) => void added.push(draft), find: () => undefined } as never,
    call,
    request,
    send: (type, given) => void sent.push([type, given]),
    platform: { ...clock, random: () => 0 } as never,
    rows: { ofMessage: () => ({}) as never, ofSending: () => undefined },
    me: () => 'me',
    isUp: () => state.isUp,
    ready: Promise.resolve(),
    present: () => {},
    absent: (ids) => void absent.push(ids),
  })
  const names = () => asked.map(({ what }) => what)
  const of = (what: string) => asked.filter((one) => one.what === what)
  const become = () => {
    copy.item = itemOf(wireChat('chat') as never)
    copy.cursor = cursorAt(1)
    all.touch(copy, 'item')
  }
  return { all, copy, clock, asked, names, of, state, sent, added, absent, refreshed, become, ...view }
}

/** The same on screen, with its latest messages. */
export async function shown(given: Parameters<typeof chatOf>[0] = {}) {
  const scene = chatOf(given)
  const close = scene.chat.open()
  await settled()
  await scene.of('join_chat')[0]!.answer(JOINED)
  await scene.of('listMessages')[0]!.answer(EMPTY)
  return { ...scene, close }
}

/** Lists of members and pins that could not be loaded. */
export async function failed({ chat, of }: Pick<ReturnType<typeof chatOf>, 'chat' | 'of'>) {
  const loading = [chat.loadMembers(), chat.loadPins()].map((work) => work.catch(() => {}))
  await settled()
  for (const what of ['listMembers', 'listPins']) await of(what)[0]!.fail()
  await Promise.all(loading)
}
