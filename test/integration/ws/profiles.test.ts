import { expect, it } from 'vitest'
import { presentUser } from '../../../src/adapters/wire/present/people.ts'
import { OPERATOR } from '../../../src/main/commands/operator.ts'
import { type Given, given, type Somebody } from './given.ts'

const external = { externalId: 'crm:1', name: 'Anna' }
const avatarUrl = 'https://example.com/anne.png'

/** Whoever changes how Anna is shown, and what others are told then. */
const ways: Readonly<Record<string, { change(at: Given, anna: Somebody): Promise<unknown>; shown: object }>> = {
  'by herself': {
    change: ({ api }, anna) => api.updateMe(anna, { name: 'Anne', username: 'anne' }),
    shown: { name: 'Anne', username: 'anne' },
  },
  'by the staff': {
    change: ({ api }, { userId }) => api.updateAccount(OPERATOR, { userId, name: 'Anne' }),
    shown: { name: 'Anne' },
  },
  'by a back end': {
    change: ({ api }) => api.provisionUsers(OPERATOR, { users: [{ ...external, name: 'Anne', avatarUrl }] }),
    shown: { name: 'Anne', avatar_url: avatarUrl },
  },
  'by a file of another system': {
    async change({ app }) {
      async function* lines() {
        yield JSON.stringify({ user: external.externalId, name: 'Anne' })
      }
      await app.importHistory(lines())
    },
    shown: { name: 'Anne' },
  },
}

it.each(Object.entries(ways))(
  'a user who is renamed %s is told as GET /users shows the user, but when last seen',
  async (_, { change, shown }) => {
    await using at = await given()
    const { api, app } = at
    const [anna, boris] = [await at.person('Anna'), await at.person('Boris')]
    await app.ports.people.save([], [{ id: anna.userId, externalId: external.externalId }])
    await at.group(anna, boris)
    await app.ports.people.seen(new Map([[anna.userId, at.clock.now()]]))
    const socket = await at.live(boris)
    await change(at, anna)
    await app.hub.announceUsers()
    const seen = presentUser(await api.getUser(boris, anna.userId))
    expect(seen).toMatchObject({ ...shown, last_seen_at: expect.any(String) })
    await socket.get('ping', {})
    expect(socket.of('user')).toEqual([{ type: 'user', user: { ...seen, last_seen_at: null } }])
  },
)

it('a user who is deleted is told as the author of a chat, not as a user', async () => {
  await using at = await given()
  const [anna, boris] = [await at.person('Anna'), await at.person('Boris')]
  await at.group(anna, boris)
  const socket = await at.live(boris)
  await at.api.updateMe(anna, { name: 'Anne' })
  await at.api.deleteAccount(OPERATOR, anna.userId)
  await at.app.hub.announceUsers()
  await socket.get('ping', {})
  expect(socket.of('user')).toEqual([])
})

it('who has blocked the user is told no otherwise than others', async () => {
  await using at = await given()
  const [anna, boris] = [await at.person('Anna'), await at.person('Boris')]
  await at.group(anna, boris)
  await at.api.blockUser(boris, anna.userId)
  const socket = await at.live(boris)
  await at.api.updateMe(anna, { name: 'Anne' })
  await at.app.hub.announceUsers()
  await socket.get('ping', {})
  expect(socket.of('user').map(({ user }) => [user.name, 'blocked' in user])).toEqual([['Anne', false]])
  expect(presentUser(await at.api.getUser(boris, anna.userId))).toMatchObject({ name: 'Anne', blocked: true })
})
