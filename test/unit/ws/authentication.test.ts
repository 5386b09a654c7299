import { describe, expect, it } from 'vitest'
import { authentication, type Recognized } from '../../../src/adapters/ws/authentication.ts'
import { endings } from '../../../src/adapters/ws/endings.ts'
import { hangUp } from '../../../src/adapters/ws/socket-state.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import { asId } from '../../../src/domain/ids.ts'
import { socketState } from './socket.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const as = (userId: string, expiresAt = 60_000) => ({ userId: asId(userId), sessionId: asId('session'), expiresAt }) as Recognized

/** A connection that is authenticated by what a host says, which a test changes. */
function authenticated({ open = 0 } = {}) {
  const { state } = socketState({ believedUntil: 0 })
  const opened: unknown[] = []
  const delivered: unknown[] = []
  const closed: unknown[] = []
  const subject = authentication({
    api: { authenticate: async (token: string) => as(token) },
    hub: {
      open: (viewer: object) => {
        opened.push(viewer)
        return { close() {} } as never
      },
      connectionsOf: () => open,
    },
    perPerson: 3,
    out: { deliver: (_, delivery) => void delivered.push(delivery) },
    close: (_, code, why) => void closed.push([code, why?.code]),
  })
  return { state, opened, delivered, closed, ...subject }
}

describe('whom a host knows', () => {
  it('is asked again when the time is over, and believed for as long as it says', async () => {
    const { state, opened, closed, recognize, renew } = authenticated()
    expect(renew(state)).toBe(false)
    let answer: Recognized | undefined = as('ann')
    await recognize(state, async () => answer)
    expect([state.caller?.userId, state.believedUntil, opened.length]).toEqual(['ann', 60_000, 1])
    answer = as('ann', 90_000)
    expect(renew(state)).toBe(true)
    expect(state.believedUntil).toBe(90_000)
    state.believedUntil = 60_000
    await turn()
    expect([state.believedUntil, opened.length, closed]).toEqual([90_000, 1, []])
  })

  it.each([
    ['nobody', async () => undefined],
    ['somebody else', async () => as('bob')],
    ['nothing, since it fails', () => Promise.reject(new Error('down'))],
  ])('ends when it is %s', async (_, next) => {
    const { state, closed, recognize, renew } = authenticated()
    let identify: () => Promise<Recognized | undefined> = async () => as('ann')
    await recognize(state, () => identify())
    identify = next
    renew(state)
    await turn()
    expect(closed).toEqual([[4401, 'token-expired']])
    expect(state.believedUntil).toBe(90_000)
  })

  it('is nothing to a connection that is over by then', async () => {
    const { state, closed, recognize, renew } = authenticated()
    let answer: Recognized | undefined = as('ann')
    await recognize(state, async () => answer)
    answer = undefined
    renew(state)
    hangUp(state)
    await turn()
    expect(closed).toEqual([])
  })

  it('is asked no more once a token was taken, and not at all where it knew nobody', async () => {
    const { state, recognize, renew, believe } = authenticated()
    await recognize(state, async () => undefined)
    expect([state.caller, renew(state)]).toEqual([undefined, false])
    await recognize(state, async () => as('ann'))
    await believe(state, { token: 'ann' })
    expect(renew(state)).toBe(false)
  })
})

describe('a token', () => {
  it('is refused of another user, of one with too many connections, and of a connection that is over', async () => {
    const one = authenticated()
    await one.believe(one.state, { token: 'ann' })
    await expect(one.believe(one.state, { token: 'bob' })).rejects.toMatchObject({ code: 'unauthenticated' })
    const many = authenticated({ open: 3 })
    await expect(many.believe(many.state, { token: 'ann' })).rejects.toMatchObject({ code: 'too-many-requests' })
    const over = authenticated()
    hangUp(over.state)
    await expect(over.believe(over.state, { token: 'ann' })).rejects.toMatchObject({ code: 'unauthenticated' })
    expect([...many.opened, ...over.opened]).toEqual([])
  })

  it('of the same user renews a connection, however many there are', async () => {
    const { state, believe } = authenticated({ open: 2 })
    await believe(state, { token: 'ann' })
    await expect(believe(state, { token: 'ann' })).resolves.toMatchObject({ expiresAt: 60_000 })
  })

  it('is checked while other frames wait, until it was taken or refused', async () => {
    const { state, authorize } = authenticated()
    const first = authorize(state, { type: 'authorize', token: 'ann' } as never)
    expect(state.isChecking).toBe(true)
    await first
    expect(state.isChecking).toBe(false)
    await expect(authorize(state, { type: 'authorize', token: 'bob' } as never)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(state.isChecking).toBe(false)
  })

  it('leads deliveries and endings to its connection', async () => {
    const { state, opened, delivered, closed, believe } = authenticated()
    await believe(state, { token: 'ann', deviceId: 'phone' })
    const viewer = opened[0] as { deviceId: string; deliver(one: Delivery): void; end(why: string): void }
    viewer.deliver('delivery' as never)
    for (const why of ['session-ended', 'replaced', 'failed']) viewer.end(why)
    expect([viewer.deviceId, delivered]).toEqual(['phone', ['delivery']])
    expect(closed).toEqual([
      [4403, undefined],
      [4409, undefined],
      [1011, undefined],
    ])
  })
})

describe('an ending', () => {
  const ended = () => {
    const socket = socketState({ count: 7 })
    const sent: unknown[] = []
    const defects: unknown[] = []
    const out = {
      send: (_: unknown, frame: unknown) => void sent.push(frame),
      finish: (_: unknown, frame: unknown) => void sent.push(frame),
    }
    const subject = endings({ out, defect: (error, facts) => void defects.push([error, facts]) })
    return { ...socket, sent, defects, ...subject }
  }

  it('says why once, with the number of the last frame, and closes', () => {
    const { state, sent, closed, deeds, close } = ended()
    close(state, 4401, { code: 'token-expired' } as never)
    close(state, 4000)
    expect(sent).toMatchObject([{ type: 'error', ref: null, problem: { code: 'token-expired', request_id: 'id:7' } }])
    expect([closed, deeds, state.isOver]).toEqual([[4401], ['resume'], true])
  })

  it('is reported as a defect only if it is no refusal', () => {
    const { state, sent, defects, refuse } = ended()
    const wrong = new Error('wrong')
    refuse(state, { ref: 'a', number: 1 }, 'bad-json')
    refuse(state, { ref: 'b', number: 2, type: 'ping' }, wrong)
    refuse(state, { ref: 'c', number: 3 }, wrong)
    expect(sent).toMatchObject([
      { ref: 'a', problem: { code: 'bad-json', request_id: 'id:1' } },
      { ref: 'b', problem: { code: 'internal', request_id: 'id:2' } },
      { ref: 'c', problem: { request_id: 'id:3' } },
    ])
    expect(defects).toEqual([
      [wrong, { request_id: 'id:2', frame: 'ping' }],
      [wrong, { request_id: 'id:3' }],
    ])
  })
})
