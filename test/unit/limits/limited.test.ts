import { describe, expect, it } from 'vitest'
import type { ChatApi } from '../../../src/application/chat-api.ts'
import { limited } from '../../../src/application/limits.ts'
import { type LimitKind } from '../../../src/application/ports/limiter.ts'
import { Refusal } from '../../../src/domain/refusal.ts'

const counted: readonly [keyof ChatApi, LimitKind, string][] = [
  ['register', 'register', 'address'],
  ['createGuest', 'register', 'address'],
  ['login', 'login-address', 'address'],
  ['refresh', 'refresh', 'address'],
  ['changePassword', 'login', 'user'],
  ['deleteMe', 'login', 'user'],
  ['sendMessage', 'send', 'user'],
  ['sendMessageToUser', 'send', 'user'],
  ['editMessage', 'send', 'user'],
  ['deleteMessage', 'send', 'user'],
]

describe('the limited API', () => {
  it.each(counted)('counts %s as %s, before anything is done', async (name, kind, key) => {
    const asked: string[] = []
    const nothing = new Proxy({} as ChatApi, { get: (_, called) => async () => void asked.push(`did ${String(called)}`) })
    const admit = async (...given: [LimitKind, string]) => {
      asked.push(given.join(' '))
      throw new Refusal('too-many-requests', { retryAfterMs: 1 })
    }
    const call = limited({ ...nothing, [name]: nothing[name] }, { admit })[name] as (who: object, command: object) => Promise<unknown>
    const who = { userId: 'user', sessionId: 'session', address: 'address' }
    await expect(call(who, { login: 'Anna' })).rejects.toMatchObject({ code: 'too-many-requests' })
    expect(asked).toEqual([`${kind} ${key}`])
  })
})
