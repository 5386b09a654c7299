import { describe, expect, it } from 'vitest'
import {
  chatNotices,
  dropPushDevice,
  keepPushDevice,
  myNotices,
  pushKey,
  setChatNotices,
  updateMyNotices,
} from '../../../src/client/notices.ts'
import type { ChatClient } from '../../../src/client/types.ts'

const TIME = '2030-01-01T00:00:00.000Z'
const { signal } = new AbortController()

/** Calls that are answered with this. */
function answering(answer: object) {
  const asked: unknown[] = []
  const call = async (_: unknown, given: object) => {
    asked.push(given)
    return answer
  }
  return { client: { call } as unknown as ChatClient, asked }
}

describe('the settings of notifications', () => {
  it('of a chat are read, and set: nothing said means as for all chats', async () => {
    const { client, asked } = answering({ level: 'none', muted_until: TIME })
    const expected = { level: 'none', mutedUntil: Date.parse(TIME) }
    expect(await chatNotices(client, 'chat', { signal })).toEqual(expected)
    expect(await setChatNotices(client, 'chat', { level: 'all', mutedUntil: Date.parse(TIME) }, { signal })).toEqual(expected)
    await setChatNotices(client, 'chat', { level: undefined, mutedUntil: undefined })
    const params = { chat_id: 'chat' }
    expect(asked).toEqual([
      { params, signal },
      { params, body: { level: 'all', muted_until: TIME }, signal },
      { params, body: { level: null, muted_until: null }, signal: undefined },
    ])
    const unset = answering({ level: null, muted_until: null })
    expect(await chatNotices(unset.client, 'chat')).toEqual({ level: undefined, mutedUntil: undefined })
  })

  it('for all chats are read, and changed where something is said', async () => {
    const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }
    const { client, asked } = answering({ notices: { level: 'all', quiet, digest: true } })
    expect(await myNotices(client, { signal })).toEqual({ level: 'all', quiet, digest: true })
    for (const change of [{ level: 'none' as const }, { quiet }, { quiet: null }, { digest: false }, {}])
      await updateMyNotices(client, change)
    expect(asked).toStrictEqual([
      { signal },
      ...[{ level: 'none' }, { quiet }, { quiet: null }, { digest: false }, {}].map((notices) => ({
        body: { notices },
        signal: undefined,
      })),
    ])
    const bare = answering({ notices: { level: 'all', quiet: null } })
    expect(await myNotices(bare.client)).toEqual({ level: 'all', quiet: undefined, digest: undefined })
  })
})

describe('a device', () => {
  it('is kept with what the browser says of it, and dropped', async () => {
    const { client, asked } = answering({ vapid_key: 'key' })
    expect(await pushKey(client, { signal })).toBe('key')
    const subscription = { endpoint: 'https://push.example', keys: { p256dh: 'p', auth: 'a', other: 'x' } }
    await keepPushDevice(client, { id: 'd', subscription, content: 'name' }, { signal })
    await dropPushDevice(client, 'd', { signal })
    const params = { device_id: 'd' }
    expect(asked).toEqual([
      { signal },
      {
        params,
        body: { kind: 'web', endpoint: subscription.endpoint, keys: { p256dh: 'p', auth: 'a' }, content: 'name' },
        signal,
      },
      { params, signal },
    ])
  })
})
