import { describe, expect, it } from 'vitest'
import { commands } from '../../../src/adapters/ws/commands.ts'
import type { KnownSocket, SocketState } from '../../../src/adapters/ws/socket-state.ts'
import { asId } from '../../../src/domain/ids.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { eventually } from '../../support/waiting.ts'
import { socketState } from './socket.ts'

interface Pending {
  readonly ref: string
  end(error?: unknown): Promise<void>
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A connection whose commands are in work until a test ends them. */
function carried(given: Partial<SocketState> = {}) {
  const { state } = socketState({ caller: { userId: asId('ann') } as SocketState['caller'], ...given })
  const pending: Pending[] = []
  const sent: unknown[] = []
  const refused: unknown[] = []
  const closed: number[] = []
  const counted: unknown[] = []
  const rooms: number[] = []
  const handle = (_: KnownSocket, { ref }: { ref: string }) =>
    new Promise((resolve, reject) => {
      pending.push({
        ref,
        async end(error) {
          if (error === undefined) resolve({ done: ref })
          else reject(error)
          await turn()
        },
      })
    })
  const carryOut = commands({
    handlers: new Proxy({}, { get: () => handle }) as never,
    limiter: { admit: async (...all: unknown[]) => void counted.push(all) },
    out: { send: (_, frame) => void sent.push(frame) },
    refuse: (_, { ref, number, type }, thrown) => void refused.push([ref, number, type, (thrown as { code: string }).code]),
    close: (_, code) => void closed.push(code),
    answered: ({ inWork }) => void rooms.push(inWork),
  })
  let number = 0
  const take = (type: string, ref: string | undefined, place: object = {}) =>
    carryOut(state as KnownSocket, { frame: { type, ref, ...place } as never, number: ++number })
  const refs = () => pending.map(({ ref }) => ref)
  return { state, pending, sent, refused, closed, counted, rooms, take, refs }
}
const here = { chat_id: 'here' }
const there = { chat_id: 'there' }

describe('commands of one connection', () => {
  it('are carried out one after another for each chat, and answered; nothing of their turns is left', async () => {
    const { state, pending, sent, rooms, take, refs } = carried()
    take('mark_read', 'a', here)
    take('mark_read', 'b', here)
    take('mark_read', 'c', there)
    expect([refs(), state.inWork]).toEqual([['a', 'c'], 3])
    await pending[0]!.end()
    expect([refs(), state.inWork]).toEqual([['a', 'c', 'b'], 2])
    expect(sent).toEqual([{ type: 'ok', ref: 'a', result: { done: 'a' } }])
    await pending[1]!.end()
    expect(state.turns?.size).toBe(1)
    await pending[2]!.end()
    expect([state.inWork, state.turns, rooms]).toEqual([0, undefined, [2, 1, 0]])
  })

  it('to a user wait for those to the same user', async () => {
    const { pending, take, refs } = carried()
    take('mark_read', 'a', { user_id: 'bob' })
    take('mark_read', 'b', { user_id: 'cid' })
    take('mark_read', 'c', { user_id: 'bob' })
    take('mark_read', 'd', { chat_id: 'bob' })
    expect(refs()).toEqual(['a', 'b', 'd'])
    await pending[0]!.end()
    expect(refs()).toEqual(['a', 'b', 'd', 'c'])
  })

  it('that react are counted apart, and wait for nothing', async () => {
    const { state, pending, take, refs } = carried()
    take('send_message', 'a', here)
    take('add_reaction', 'b', here)
    take('remove_reaction', 'c', here)
    expect([refs(), state.inWork, state.apart]).toEqual([['a', 'b', 'c'], 3, 2])
    await pending[1]!.end()
    await pending[2]!.end()
    expect([state.inWork, state.apart]).toEqual([1, 0])
  })

  it('that send begin together, behind others that are alone', async () => {
    const { pending, take, refs } = carried()
    take('send_message', 'a', here)
    take('send_message', 'b', here)
    take('edit_message', 'c', here)
    take('send_message', 'd', here)
    expect(refs()).toEqual(['a', 'b'])
    await pending[0]!.end()
    expect(refs()).toEqual(['a', 'b'])
    await pending[1]!.end()
    expect(refs()).toEqual(['a', 'b', 'c'])
    await pending[2]!.end()
    expect(refs()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('without a ref are not answered; what they met is refused all the same', async () => {
    const { pending, sent, refused, take } = carried()
    take('mark_read', undefined, here)
    await pending[0]!.end()
    take('mark_read', undefined, here)
    await pending[1]!.end(new Refusal('not-found'))
    expect([sent, refused]).toEqual([[], [[null, 2, 'mark_read', 'not-found']]])
  })

  it('that are no calls of the API are counted first', async () => {
    const { counted, take, refs } = carried()
    take('join_chat', 'a', here)
    expect(refs()).toEqual([])
    await turn()
    expect([refs(), counted]).toEqual([['a'], [['frame', 'ann', 5]]])
  })

  it('close a connection that is leaving when all are answered, and begin no further one', async () => {
    const { state, pending, closed, take, refs, rooms } = carried()
    take('mark_read', 'a', here)
    take('mark_read', 'b', there)
    state.isLeaving = true
    await pending[0]!.end()
    expect(closed).toEqual([])
    await pending[1]!.end()
    expect([closed, rooms, refs()]).toEqual([[4000], [1], ['a', 'b']])
  })

  it('that authorize close a connection whose token is refused', async () => {
    const { pending, closed, take } = carried()
    take('authorize', 'a')
    await eventually(async () => expect(pending).toHaveLength(1))
    await pending[0]!.end(new Refusal('not-accepted'))
    expect(closed).toEqual([])
    take('authorize', 'b')
    await pending[1]!.end(new Refusal('token-expired'))
    take('authorize', 'c')
    await pending[2]!.end(new Refusal('too-many-requests', { retryAfterMs: 1 }))
    take('mark_read', 'd', here)
    await pending[3]!.end(new Refusal('token-expired'))
    expect(closed).toEqual([4401, 4029])
  })
})
