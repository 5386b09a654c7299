import { describe, expect, it } from 'vitest'
import { memoryLimiter } from '../../../src/adapters/limits/memory-limiter.ts'
import type { Anonymous, Caller } from '../../../src/application/chat-api.ts'
import type { Fact } from '../../../src/application/ports/journal.ts'
import { defaultConfig } from '../../../src/main/config.ts'
import { openApplication } from '../../../src/main/container.ts'
import { silent } from '../../../src/main/logging.ts'
import { plainPasswords } from '../../support/http-server.ts'
import { handClock } from '../../support/waiting.ts'

const PASSWORD = 'a battery of correct horses'
const from: Anonymous = { address: '2001:db8::7', requestId: 'r-1' }

async function scene() {
  const facts: Fact[] = []
  const clock = handClock()
  const ports = {
    passwords: plainPasswords,
    clock: clock.now,
    limiter: memoryLimiter(clock.now),
    journal: { note: (fact: Fact) => void facts.push(fact) },
  }
  const app = await openApplication({ config: { ...defaultConfig(), databaseUrl: 'memory:' }, log: silent(), ports })
  const signUp = async (name: string) => {
    const signedIn = await app.api.register(from, { name, email: `${name}@example.com`, password: PASSWORD, deviceName: 'Phone' })
    const caller: Caller = { ...from, userId: signedIn.user.id, sessionId: signedIn.sessionId }
    return { ...signedIn, caller }
  }
  const events = () => facts.map(({ event, outcome }) => `${event} ${outcome}`)
  return { api: app.api, facts, events, clock, signUp, close: app.close }
}

describe('the security log', () => {
  it('names who signed in, where, on what and under which request', async () => {
    const { facts, signUp, close } = await scene()
    const { user, sessionId } = await signUp('anna')
    expect(facts).toEqual([
      {
        event: 'sign-in',
        outcome: 'ok',
        userId: user.id,
        sessionId,
        network: '2001:db8:0:0::/64',
        device: 'Phone',
        subject: 'register',
        requestId: 'r-1',
      },
    ])
    await close()
  })

  it('has a line for each deed and each failure, and for nothing else', async () => {
    const { api, events, signUp, clock, close } = await scene()
    const [anna, boris] = [await signUp('anna'), await signUp('boris')]
    const wrong = { login: 'anna@example.com', password: 'something else' }
    await expect(api.login(from, wrong)).rejects.toMatchObject({ code: 'bad-credentials' })
    await api.login(from, { login: 'anna', password: PASSWORD })
    await api.refresh(from, { refreshToken: anna.refreshToken })
    clock.advance(60_000)
    await expect(api.refresh(from, { refreshToken: anna.refreshToken })).rejects.toMatchObject({ code: 'session-ended' })
    const { view } = await api.createGroup(boris.caller, { name: 'Friends', memberIds: [anna.user.id] })
    await api.changeRole(boris.caller, { chatId: view.chat.id, userId: anna.user.id, role: 'admin' })
    await api.sendMessageToUser(boris.caller, { userId: anna.user.id, clientMessageId: 'k' as never, text: 'a secret text' })
    const change = { currentPassword: 'wrong one', newPassword: 'another battery of horses' }
    await expect(api.changePassword(boris.caller, change)).rejects.toMatchObject({ code: 'bad-credentials' })
    await api.changePassword(boris.caller, { ...change, currentPassword: PASSWORD })
    await api.logout(boris.caller)
    await api.deleteMe(boris.caller, { password: change.newPassword })
    expect(events()).toEqual([
      'sign-in ok',
      'sign-in ok',
      'sign-in-failed bad-credentials',
      'sign-in ok',
      'refresh-reused session-ended',
      'role-changed ok',
      'password-changed bad-credentials',
      'password-changed ok',
      'signed-out ok',
      'deleted ok',
    ])
    await close()
  })

  it('has one line a minute for who is above a limit, however often', async () => {
    const { api, facts, clock, close } = await scene()
    const guess = () => api.login(from, { login: 'nobody', password: 'something' }).catch(() => undefined)
    for (let i = 0; i < 60; i++) await guess()
    const limited = () => facts.filter(({ event }) => event === 'limited')
    expect(limited()).toEqual([expect.objectContaining({ subject: 'login', network: '2001:db8:0:0::/64' })])
    clock.advance(60_000)
    for (let i = 0; i < 60; i++) await guess()
    expect(limited()).toHaveLength(2)
    await close()
  })

  it('holds no password, token, e-mail or text', async () => {
    const { api, facts, signUp, close } = await scene()
    const anna = await signUp('anna')
    await api.sendMessageToUser(anna.caller, {
      userId: (await signUp('boris')).user.id,
      clientMessageId: 'k' as never,
      text: 'a secret text',
    })
    await api.login(from, { login: 'anna@example.com', password: 'nearly my password' }).catch(() => undefined)
    await api.logout(anna.caller)
    const written = JSON.stringify(facts)
    for (const secret of [PASSWORD, 'nearly my password', anna.accessToken, anna.refreshToken, 'anna@example.com', 'a secret text'])
      expect(written).not.toContain(secret)
    await close()
  })
})
