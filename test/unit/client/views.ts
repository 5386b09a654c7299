import type { Call } from '../../../src/client/calls/call.ts'
import { localError } from '../../../src/client/calls/problem.ts'
import { type Copy, copies } from '../../../src/client/copy/copies.ts'
import { type Item, itemOf } from '../../../src/client/copy/item.ts'
import type { Derived } from '../../../src/client/platform/store.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import type { Store } from '../../../src/client/types.ts'

export const nobodyBlocked = { get: () => [], has: () => false, subscribe: () => () => {} }

/** All that has been resolved by now has had its turn. */
export const settled = (): Promise<void> => virtualClock().advance(0)

export interface Asked {
  readonly what: string
  readonly given: Readonly<Record<string, unknown>>
  answer(answer?: unknown): Promise<void>
  fail(error?: unknown): Promise<void>
}

/** Calls that wait for what a test answers. */
export function calls() {
  const asked: Asked[] = []
  const ask = (what: string, given: object = {}) =>
    new Promise<never>((resolve, reject) => {
      asked.push({
        what,
        given: given as Asked['given'],
        async answer(answer) {
          resolve(answer as never)
          await settled()
        },
        async fail(error = localError('network', 'Nobody answers.')) {
          reject(error)
          await settled()
        },
      })
    })
  return { asked, last: () => asked.at(-1)!, call: ask as unknown as Call, request: ask as never }
}

/** How often whoever looks at a store was told of a change. */
export function tellings(store: Pick<Store<unknown> | Derived<unknown>, 'subscribe'>) {
  let count = 0
  store.subscribe(() => void count++)
  return () => {
    const told = count
    count = 0
    return told
  }
}

export const wireUser = (id: string) => ({ id, username: id, name: id.toUpperCase(), kind: 'person', avatar_url: null, last_seen_at: null })
const TIME = '2030-01-01T00:00:00.000Z'

export const wireChat = (id: string, { me = {}, ...given }: { readonly me?: object } & Readonly<Record<string, unknown>> = {}) => ({
  id,
  kind: 'group',
  name: id,
  created_at: TIME,
  member_count: 2,
  head_seq: 1,
  unread: 1,
  unread_mentions: 0,
  read_by_others_seq: 0,
  last_message: null,
  ...given,
  me: {
    role: 'member',
    read_seq: 0,
    ...me,
  },
})

/** Copies of chats, each with what a list says of it. */
export function world() {
  const all = copies(nobodyBlocked as never)
  const at = (id: string, given: Partial<Item> = {}): Copy => {
    const copy = all.at(id)
    copy.item = { ...itemOf(wireChat(id) as never), ...given }
    return copy
  }
  return { all, at }
}
