import { randomUUIDv7 } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { register } from '../../../src/application/identity/register.ts'
import { openMemory } from '../../support/memory.ts'

const noMail = { hasDigests: false, isOn: false, post: async () => {}, deliver: async () => {} }

describe('a username that nobody chose', () => {
  it('gets more digits where those of its name are taken, and still fits', async () => {
    const { people, sessions, networks } = await openMemory()
    const signUp = register(
      {
        people,
        sessions,
        networks,
        onNewNetwork: async () => {},
        end: async () => {},
        passwords: { hash: async () => 'hash', verify: async () => true },
        tokens: {
          access: async () => '',
          refresh: () => '',
          verifyAccess: async () => Promise.reject(new Error('is not asked')),
          verifyRefresh: () => undefined,
        },
        clock: () => 0,
        newId: randomUUIDv7,
        random: () => 0,
        isCommonPassword: () => false,
        asciiDomain: (domain) => domain,
        policy: { accessTtl: 1, refreshTtl: 1, sessionTtl: 1, directory: 'open', guests: false },
      },
      noMail,
    )
    const usernames = []
    for (const name of ['Анна', 'Борис', 'Вера', 'Глеб', ...Array<string>(4).fill('x'.repeat(40))]) {
      const { user } = await signUp({ address: '' }, { name, email: `${randomUUIDv7()}@example.com`, password: 'a long password' })
      usernames.push(user.username)
    }
    expect(usernames).toEqual([
      'user',
      'user-0000',
      'user-000000',
      'user-00000000',
      'x'.repeat(27),
      `${'x'.repeat(27)}-0000`,
      `${'x'.repeat(25)}-000000`,
      `${'x'.repeat(23)}-00000000`,
    ])
  })
})
