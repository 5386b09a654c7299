import { describe, expect, it } from 'vitest'
import { localError } from '../../../src/client/calls/problem.ts'
import { addresses } from '../../../src/client/files/addresses.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import type { ChatClient } from '../../../src/client/types.ts'
import { calls, settled } from './views.ts'

const MINUTE = 60_000

/** Addresses of files on calls that wait. */
function asked(url = 'https://chat.example/') {
  const clock = virtualClock()
  const { asked: all, last, call } = calls()
  const platform = { now: clock.now, random: () => 1 }
  const places = addresses({ inside: { platform, timers: { later: clock.later }, url }, call } as unknown as ChatClient)
  const shown = (id: string) => {
    const store = places.address(id)
    const told: string[] = []
    const stop = store.subscribe(() => void told.push(store.get().status))
    return { store, told, stop }
  }
  const item = (id: string, minutes = 15, given: object = {}) => ({
    file_id: id,
    url: `/files/${id}`,
    preview_url: null,
    thumb_url: `https://cdn.example/${id}`,
    expires_at: new Date(clock.now() + minutes * MINUTE).toISOString(),
    ...given,
  })
  const ids = () => all.map(({ given }) => (given.body as { file_ids: string[] }).file_ids)
  return { ...places, clock, all, last, shown, item, ids }
}

describe('the address of a file', () => {
  it('is asked for when it is shown, together with others, and is whole', async () => {
    const { shown, ids, last, item, address, clock } = asked()
    expect(address('a').get()).toEqual({ status: 'loading' })
    const [a, b] = [shown('a'), shown('b')]
    await settled()
    expect(ids()).toEqual([['a', 'b']])
    await last().answer({ items: [item('a')] })
    expect(a.store.get()).toEqual({
      status: 'ready',
      url: 'https://chat.example/files/a',
      previewUrl: undefined,
      thumbUrl: 'https://cdn.example/a',
      expiresAt: clock.now() + 15 * MINUTE,
    })
    expect([b.store.get(), a.told, b.told]).toEqual([{ status: 'gone' }, ['ready'], ['gone']])
  })

  it('is whole whatever the address of the service ends with', async () => {
    for (const url of ['https://chat.example', 'https://chat.example///']) {
      const { shown, last, item } = asked(url)
      const { store } = shown('a')
      await settled()
      await last().answer({ items: [item('a')] })
      expect(store.get()).toMatchObject({ url: 'https://chat.example/files/a' })
    }
  })

  it('is asked for in parts where there are many, one call at a time', async () => {
    const { shown, ids, last } = asked()
    for (let i = 0; i < 250; i++) shown(`${i}`)
    await settled()
    expect(ids().map(({ length }) => length)).toEqual([100])
    shown('more')
    await last().answer({ items: [] })
    await last().answer({ items: [] })
    expect(ids().map(({ length }) => length)).toEqual([100, 100, 51])
  })

  it.each([
    ['what it is good for', 15, 14],
    ['at least ten minutes', 10, 9],
    ['ten minutes where a clock says less', 3, 9],
    ['at most twenty', 20, 19],
    ['ten where a clock says more', 21, 9],
  ])('is renewed a minute before its end while it is shown: %s', async (_, minutes, after) => {
    const { shown, ids, last, item, clock } = asked()
    const { stop } = shown('a')
    await settled()
    await last().answer({ items: [item('a', minutes)] })
    await clock.advance(after * MINUTE - 1)
    expect(ids()).toHaveLength(1)
    await clock.advance(1)
    expect(ids()).toHaveLength(2)
    await last().answer({ items: [item('a', 15)] })
    stop()
    await clock.advance(60 * MINUTE)
    expect(ids()).toHaveLength(2)
  })

  it('that is shown again is asked for again only once it has ended', async () => {
    const { shown, ids, last, item, clock } = asked()
    const first = shown('a')
    await settled()
    await last().answer({ items: [item('a')] })
    first.stop()
    await clock.advance(14 * MINUTE - 1)
    shown('a').stop()
    await settled()
    expect(ids()).toHaveLength(1)
    await clock.advance(1)
    shown('a')
    await settled()
    expect(ids()).toHaveLength(2)
  })

  it('that is shown for a second time is renewed, though it was asked for by another', async () => {
    const { shown, ids, last, item, clock } = asked()
    const first = shown('a')
    await settled()
    await last().answer({ items: [item('a')] })
    first.stop()
    await clock.advance(MINUTE)
    shown('a')
    await clock.advance(13 * MINUTE)
    expect(ids()).toHaveLength(2)
  })

  it('is asked for again later where nobody answers, later each time, and at once with a network', async () => {
    const { shown, ids, last, item, clock, wake } = asked()
    const a = shown('a')
    await settled()
    await last().fail()
    expect(a.store.get().status).toBe('loading')
    await clock.advance(1_499)
    expect(ids()).toHaveLength(1)
    await clock.advance(1)
    expect(ids()).toHaveLength(2)
    await last().fail()
    await clock.advance(2_499)
    expect(ids()).toHaveLength(2)
    wake()
    await settled()
    expect(ids()).toHaveLength(3)
    await last().answer({ items: [item('a')] })
    wake()
    await settled()
    expect(ids()).toHaveLength(3)
    const hidden = shown('b')
    await settled()
    await last().fail()
    hidden.stop()
    wake()
    await settled()
    expect(ids()).toHaveLength(4)
  })

  it('of those that wait for their turn is not asked for at once after a failure', async () => {
    const { shown, ids, last } = asked()
    for (let i = 0; i < 150; i++) shown(`${i}`)
    await settled()
    await last().fail()
    expect(ids()).toHaveLength(1)
  })

  it('is gone where it is refused', async () => {
    const { shown, last } = asked()
    const { store } = shown('a')
    await settled()
    await last().fail(localError('signed-out', 'Nobody is signed in.'))
    expect(store.get().status).toBe('gone')
  })

  it('is asked for again when it was refused to whoever used it', async () => {
    const { renew, address, ids, last, item } = asked()
    renew('a')
    await settled()
    expect(ids()).toEqual([['a']])
    await last().answer({ items: [item('a')] })
    expect(address('a').get().status).toBe('ready')
  })

  it('is kept for a thousand files; beyond them, the longest unused go that nobody shows', async () => {
    const { shown, address, all, ids, item } = asked()
    const kept = shown('shown')
    for (let i = 0; i < 999; i++) shown(`${i}`).stop()
    await settled()
    for (let call = 0; call < 10; call++) await all[call]!.answer({ items: ids()[call]!.map((id) => item(id)) })
    expect(address('0').get().status).toBe('ready')
    shown('999').stop()
    expect([address('shown').get().status, address('1').get().status]).toEqual(['ready', 'ready'])
    expect(address('0').get().status).toBe('loading')
    kept.stop()
  })
})
