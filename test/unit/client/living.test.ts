import { describe, expect, it } from 'vitest'
import { life } from '../../../src/client/assembly/life.ts'
import { cell } from '../../../src/client/platform/store.ts'
import { settled, world } from './views.ts'

/** A client of which only the life is real: what it has the others do is written down. */
function living({ id = 'ann', isKnown = true, isSignedIn = true } = {}) {
  const deeds: string[] = []
  const does = (what: string) => (given?: string | boolean) => void deeds.push(given === undefined ? what : `${what} ${given}`)
  const state = cell<{ status: string }>({ status: 'idle' })
  const session = cell<{ user: { id: string } } | undefined>(isSignedIn ? { user: { id } } : undefined)
  const { all, at } = world()
  const user = { id, isLong: false, failing: false }
  const errors: unknown[] = []
  const over = new AbortController()
  const touched: string[] = []
  all.watch((copy, aspect) => void touched.push(`${copy.id} ${aspect}`))
  const chats = new Map([['chat', { online: does('online') }]])
  const subject = life(
    {
      timers: { pause: does('timers pause'), resume: does('timers resume'), clear: does('timers clear') },
      emit: (event: string, given: { status?: string; during?: string }) =>
        event === 'error' ? void errors.push(given.during) : void deeds.push(`${event} ${given.status}`),
      over,
      auth: { session },
    } as never,
    {
      id: () => user.id,
      ready: Promise.resolve(),
      identify: async () => does('identify')(),
      me: cell(isKnown ? { id } : undefined),
    } as never,
    {
      link: { state, start: does('link start'), stop: does('link stop') },
      level: { catchUpAll: does('catch up') },
      sending: {
        start: async () => {
          deeds.push('sending start')
          if (user.failing) throw new Error('no room')
        },
        stop: does('sending stop'),
        pump: does('pump'),
      },
      list: { reload: async () => does('list reload')(), repair: does('list repair') },
      crowd: { unknown: does('crowd unknown') },
      chats,
      copies: all,
      away: { isOver: () => user.isLong },
    } as never,
  )
  const took = () => deeds.splice(0)
  return { ...subject, took, state, session, user, at, all, touched, errors, over }
}

describe('a client', () => {
  it('begins everything once, and ends it once', async () => {
    const { start, stop, took, over } = living()
    await settled()
    expect(took()).toEqual([])
    const end = start()
    expect(took()).toEqual(['timers resume', 'sending start', 'identify', 'link start', 'list reload'])
    expect([start(), took()]).toEqual([end, []])
    end()
    expect(took()).toEqual(['timers pause', 'sending stop', 'link stop'])
    stop()
    expect([took(), over.signal.aborted]).toEqual([[], false])
    start()
    expect(took()).toContain('link start')
  })

  it('sends once its user is known, and says when the outbox cannot be opened', async () => {
    const { start, took } = living({ id: '' })
    start()
    expect(took()).not.toContain('sending start')
    const early = living({ id: '' })
    early.start()
    early.user.id = 'ann'
    await settled()
    expect(early.took()).toContain('sending start')
    const failing = living()
    failing.user.failing = true
    failing.start()
    await settled()
    expect(failing.errors).toContain('opening the outbox')
  })

  it('that is closed ends for good', () => {
    const { start, close, took, over } = living()
    start()
    took()
    close()
    expect(took()).toEqual(['timers pause', 'sending stop', 'link stop', 'timers clear', 'link stop closed'])
    expect([over.signal.aborted, (over.signal.reason as Error).message]).toEqual([true, 'This client is closed'])
    expect(() => start()).toThrow('This client is closed; to be started again, stop it instead')
  })

  it('catches up with each connection, and asks for more after a long absence or where its user is unknown', () => {
    const known = living()
    known.state.set({ status: 'online' })
    expect(known.took()).toEqual(['catch up', 'online false', 'list repair', 'pump true', 'connection online'])
    known.user.isLong = true
    known.state.set({ status: 'offline' })
    known.took()
    known.state.set({ status: 'online' })
    expect(known.took()).toEqual(['catch up', 'identify', 'online true', 'list reload', 'pump true', 'connection online'])
    const unknown = living({ isKnown: false })
    unknown.state.set({ status: 'online' })
    expect(unknown.took()).toEqual(['catch up', 'identify', 'online false', 'list repair', 'pump true', 'connection online'])
  })

  it('knows nobody to be there or to type without a connection', () => {
    const { state, took, at, touched } = living()
    at('quiet')
    const loud = at('loud')
    loud.typing = ['bob']
    state.set({ status: 'offline' })
    expect([took(), loud.typing, touched]).toEqual([
      ['crowd unknown', 'pump false', 'connection offline'],
      [],
      ['loud typing', 'loud item'],
    ])
  })

  it('ends its connection when its user signs out, or another signs in', () => {
    const { start, stop, took, session, user } = living()
    start()
    took()
    session.set({ user: { id: 'ann' } })
    expect(took()).toEqual([])
    session.set({ user: { id: 'bob' } })
    session.set(undefined)
    expect(took()).toEqual(['link stop signed-out', 'link stop signed-out'])
    user.id = ''
    session.set({ user: { id: 'cid' } })
    expect(took()).toEqual([])
    user.id = 'ann'
    stop()
    took()
    session.set(undefined)
    expect(took()).toEqual([])
  })
})
