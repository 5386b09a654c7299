import { describe, expect, it } from 'vitest'
import { createAuth, createChat, memoryPersist } from '../../../src/client/index.ts'
import { addTotp, changeEmail, confirmTotp, listFactors, requestReset, resetPassword, upgradeGuest } from '../../../src/client/order.ts'
import { answered, given } from './given.ts'

const PASSWORD = 'correct horse battery'

async function world() {
  const { server, clock } = await given()
  const { platform } = server.device()
  const auth = createAuth({ url: server.url, platform })
  const clientOfAuth = () => createChat({ url: server.url, auth, platform, persist: memoryPersist() })
  return { auth, clock, clientOfAuth }
}

describe('an account', () => {
  it('is made of a guest, keeps its id, and its session is kept', async () => {
    const { auth, clock, clientOfAuth } = await world()
    const guest = await answered(clock, auth.guest({ name: 'Otto' }))
    const account = { email: 'otto@example.com', password: PASSWORD }
    const kept = await answered(clock, upgradeGuest(clientOfAuth(), auth, account))
    expect(kept.user).toMatchObject({ id: guest.user.id, kind: 'person', email: 'otto@example.com' })
    expect(auth.session.get()).toEqual(kept)
    await expect(answered(clock, upgradeGuest(clientOfAuth(), auth, account))).rejects.toMatchObject({ code: 'person-exists' })
    await answered(clock, auth.logout())
    const { user } = await answered(clock, auth.login({ login: 'otto@example.com', password: PASSWORD, deviceName: 'Phone' }))
    expect(user.id).toBe(guest.user.id)
  })

  it('is recovered by a code; a wrong one changes nothing, and nobody learns which logins there are', async () => {
    const { auth, clock } = await world()
    await answered(clock, requestReset(auth, 'nobody@example.com'))
    const wrong = resetPassword(auth, { code: 'no-such-code', password: PASSWORD })
    await expect(answered(clock, wrong)).rejects.toMatchObject({ code: 'bad-code' })
    expect(auth.session.get()).toBeUndefined()
  })

  it('has another email once the password is right', async () => {
    const { auth, clock, clientOfAuth } = await world()
    await answered(clock, auth.register({ name: 'Nora', email: 'nora@example.com', password: PASSWORD }))
    const client = clientOfAuth()
    const change = (currentPassword: string) => answered(clock, changeEmail(client, { email: 'lind@example.com', currentPassword }))
    await expect(change('not this one')).rejects.toMatchObject({ code: 'bad-credentials' })
    await change(PASSWORD)
    expect(client.account.me.get()?.email).toBe('lind@example.com')
  })

  it('gets an authenticator app, which counts once a code of it is right', async () => {
    const { auth, clock, clientOfAuth } = await world()
    await answered(clock, auth.register({ name: 'Nora', email: 'nora@example.com', password: PASSWORD }))
    const client = clientOfAuth()
    const { id, uri } = await answered(clock, addTotp(client, { currentPassword: PASSWORD, name: 'Phone' }))
    expect(uri).toMatch(/^otpauth:/)
    await expect(answered(clock, confirmTotp(client, id, '000000'))).rejects.toMatchObject({ code: 'bad-code' })
    expect(await answered(clock, listFactors(client))).toEqual({ items: [], codesLeft: 0 })
  })
})
