import { expect, it } from 'vitest'
import type { PersonPosition } from '../application/ports/views.ts'
import { type Person, unnamed } from '../domain/identity.ts'
import { SYSTEM_ID, type UserId } from '../domain/ids.ts'
import { fold } from '../domain/words.ts'
import { rulesOf } from './harness.ts'
import { allPages } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

/** What `People` promises. */
export const peopleContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: people`, openStore, (scene) => {
    it('knows users by what other systems call them, each name once, and free again when the user is erased', async () => {
      const { people, newId, freshName, tick } = scene()
      const externalId = `crm:${newId()} 😀`
      const given = {
        name: 'Ann',
        email: undefined,
        passwordHash: undefined,
        kind: 'bot' as const,
        externalId,
        avatarUrl: 'https://a.example/1',
      }
      const add = (id: UserId) => people.add({ ...given, id, username: freshName(), createdAt: tick() })
      const [one, two] = [newId() as UserId, newId() as UserId]
      const outcomes = await Promise.all(Array.from({ length: 8 }, (_, i) => add(i === 0 ? one : (newId() as UserId))))
      expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'external-id-taken')).toHaveLength(7)
      const found = await people.external([externalId, `${externalId}?`, ''])
      expect([...found.keys()]).toEqual([externalId])
      expect(found.get(externalId)).toMatchObject({ kind: 'bot', externalId, avatarUrl: given.avatarUrl, disabledAt: undefined })
      await people.erase(found.get(externalId)!.id, tick())
      expect((await people.external([externalId])).size).toBe(0)
      expect(await add(two)).toBe('added')
      expect((await people.external([externalId])).get(externalId)!.id).toBe(two)
    })

    it('has one user for what no person does, whom no search finds', async () => {
      const { people, person } = scene()
      const viewer = await person()
      expect(await people.get(SYSTEM_ID)).toMatchObject({ id: SYSTEM_ID, username: 'system', kind: 'system' })
      const found = async (query: string, exact: boolean) =>
        (await people.find(viewer, { query, exact }, { limit: 100 })).items.map(({ id }) => id)
      for (const query of ['system', 'sys']) for (const exact of [true, false]) expect(await found(query, exact)).not.toContain(SYSTEM_ID)
      const all = await allPages((from?: PersonPosition) => people.find(viewer, { exact: false }, { limit: 100, from }))
      expect(all.map(({ id }) => id)).not.toContain(SYSTEM_ID)
      const { total, items } = await people.find(viewer, { query: 'system', exact: false }, { limit: 100, count: true })
      expect(total).toBe(items.length)
    })

    it('knows who was added, by id, by e-mail and by username', async () => {
      const { people, newId, freshName, tick } = scene()
      const username = freshName()
      const user = { id: newId() as UserId, username, name: 'Пётр O’Neil 😀', email: `${username}@example.com`, createdAt: tick() }
      expect(await people.add({ ...user, passwordHash: '$argon2$x' })).toBe('added')
      const known = { ...unnamed(user.id), ...user, externalId: undefined, emailPending: undefined, isAdmin: false, disabledAt: undefined }
      expect(await people.get(user.id)).toEqual(known)
      for (const login of [user.username, user.email])
        expect(await people.credentials(login)).toEqual({ user: known, passwordHash: '$argon2$x' })
      expect(await people.passwordHash(user.id)).toBe('$argon2$x')
      await people.setPasswordHash(user.id, '$argon2$y')
      expect(await people.passwordHash(user.id)).toBe('$argon2$y')
      expect((await people.credentials(username))!.passwordHash).toBe('$argon2$y')
    })

    it('knows nobody else', async () => {
      const { people, newId, freshName } = scene()
      expect(await people.get(newId() as UserId)).toBeUndefined()
      expect(await people.credentials(freshName())).toBeUndefined()
      expect(await people.passwordHash(newId() as UserId)).toBeUndefined()
      expect(await people.see(newId() as UserId, newId() as UserId)).toBeUndefined()
    })

    it('knows somebody without e-mail and password, and several of them', async () => {
      const { person, people } = scene()
      const [ann, bob] = [await person(), await person()]
      expect(await people.get(ann)).toMatchObject({ id: ann, email: undefined })
      expect(await people.passwordHash(bob)).toBeUndefined()
    })

    it('adds one of many with the same id at the same time, and none with the id of a deleted user', async () => {
      const { people, newId, freshName, tick } = scene()
      const id = newId() as UserId
      const user = () => ({ id, name: 'Ann', username: freshName(), email: undefined, passwordHash: undefined, createdAt: tick() })
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => people.add(user())))
      expect(outcomes.sort()).toEqual(['added', ...Array(5).fill('id-taken')])
      await people.erase(id, tick())
      expect(await people.add(user())).toBe('id-taken')
      expect(await people.get(id)).toBeUndefined()
    })

    it('registers one of many who want the same e-mail or username at the same time', async () => {
      const { people, newId, freshName, tick } = scene()
      const [email, username] = [`${freshName()}@example.com`, freshName()]
      const blank = () => ({ id: newId() as UserId, name: 'Ann', passwordHash: undefined, createdAt: tick() })
      const byMail = await Promise.all(Array.from({ length: 6 }, () => people.add({ ...blank(), username: freshName(), email })))
      expect(byMail.sort()).toEqual(['added', ...Array(5).fill('email-taken')])
      const byName = await Promise.all(Array.from({ length: 6 }, () => people.add({ ...blank(), username, email: undefined })))
      expect(byName.sort()).toEqual(['added', ...Array(5).fill('username-taken')])
      const refused = { ...blank(), username, email: `${freshName()}@example.com` }
      expect(await people.add(refused)).toBe('username-taken')
      expect(await people.get(refused.id)).toBeUndefined()
      expect(await people.credentials(refused.email)).toBeUndefined()
    })

    it('renames, unless the username is somebody else’s', async () => {
      const { person, people, freshName } = scene()
      const [before, after, taken] = [freshName(), freshName(), freshName()]
      const ann = await person({ username: before })
      await person({ username: taken })
      expect(await people.rename(ann, { name: 'Анна' })).toBe('renamed')
      expect(await people.get(ann)).toMatchObject({ name: 'Анна', username: before })
      expect(await people.rename(ann, { username: after })).toBe('renamed')
      expect(await people.get(ann)).toMatchObject({ name: 'Анна', username: after })
      expect(await people.rename(ann, { name: 'Nobody', username: taken })).toBe('username-taken')
      expect(await people.rename(ann, { username: after, name: 'Ann' })).toBe('renamed')
      expect(await people.get(ann)).toMatchObject({ name: 'Ann', username: after })
      expect(await people.credentials(before)).toBeUndefined()
      expect((await people.credentials(after))!.user.id).toBe(ann)
      await person({ username: before })
    })

    it('gives a username to one of two who want it at the same time', async () => {
      const { person, people, freshName } = scene()
      const username = freshName()
      const [ann, bob] = [await person(), await person()]
      const outcomes = await Promise.all([ann, bob].map((id) => people.rename(id, { username })))
      expect(outcomes.sort()).toEqual(['renamed', 'username-taken'])
    })

    it('finds people by a part of name or username, without regard to case, and by a whole e-mail', async () => {
      const { person, people, freshName } = scene()
      const mark = freshName()
      const viewer = await person({ name: `Viewer ${mark}` })
      const email = `${freshName()}@example.com`
      const anna = await person({ name: `Анна ${mark} Ёлкина`, email })
      const bob = await person({ name: 'Bob', username: `b.${mark}` })
      const found = async (query: string) =>
        (await people.find(viewer, { query, exact: false }, { limit: 10 })).items.map((person) => person.id)
      expect(await found(mark)).toEqual([bob, anna])
      expect(await found(fold(`АННА ${mark} ЁЛ`))).toEqual([anna])
      expect(await found(`b.${mark}`)).toEqual([bob])
      expect(await found(email)).toEqual([anna])
      expect(await found(email.slice(1))).toEqual([])
      expect(await found(`${mark}%`)).toEqual([])
      expect(await found(mark.replace(/.$/, '_'))).toEqual([])
      expect((await people.find(viewer, { query: mark, exact: false }, { limit: 1, count: true })).total).toBe(2)
    })

    it('puts the person whose whole username or email is given before all whose names contain it, on the first page only', async () => {
      const { person, people, freshName } = scene()
      const viewer = await person()
      const mark = freshName()
      const similar = [await person({ name: `A ${mark}` }), await person({ name: `B ${mark}`, username: `b.${mark}` })]
      const whole = await person({ name: `Z ${mark}`, username: mark })
      const mailed = await person({ name: 'Z', email: `${mark}@example.com` })
      const find = (query: string, limit: number, from?: PersonPosition) =>
        people.find(viewer, { query, exact: false }, { limit, from, count: true })
      expect((await find(mark, 10)).items.map(({ id }) => id)).toEqual([whole, ...similar])
      for (const limit of [1, 2]) {
        const paged = await allPages((from?: PersonPosition) => find(mark, limit, from))
        expect(paged.map(({ id }) => id)).toEqual([whole, ...similar])
      }
      expect((await find(mark, 1)).total).toBe(3)
      const byEmail = await find(`${mark}@example.com`, 10)
      expect([byEmail.items.map(({ id }) => id), byEmail.total]).toEqual([[mailed], 1])
      await people.rename(whole, { name: 'Somebody else' })
      expect((await find(mark, 10)).items.map(({ id }) => id)).toEqual([whole, ...similar])
      await people.rename(similar[0]!, { name: 'Somebody else' })
      expect((await find(mark, 10)).items.map(({ id }) => id)).toEqual([whole, similar[1]])
    })

    it('takes % and _ and other special characters for themselves', async () => {
      const { person, people, freshName } = scene()
      const viewer = await person()
      const mark = freshName()
      const odd = await person({ name: `${mark} 100%_\\'"*` })
      await person({ name: `${mark} 100xyz` })
      for (const query of [`${mark} 100%`, `${mark} 100%_`, `${mark} 100%_\\'"*`])
        expect((await people.find(viewer, { query, exact: false }, { limit: 10 })).items.map((person) => person.id)).toEqual([odd])
    })

    it('finds by the whole username or e-mail only, where it is to be exact', async () => {
      const { person, people, freshName } = scene()
      const viewer = await person()
      const username = freshName()
      const email = `${freshName()}@example.com`
      const ann = await person({ username, email, name: freshName() })
      const found = async (query: string | undefined) =>
        (await people.find(viewer, { query, exact: true }, { limit: 10 })).items.map((person) => person.id)
      expect(await found(username)).toEqual([ann])
      expect(await found(email)).toEqual([ann])
      expect(await found(username.slice(0, -1))).toEqual([])
      expect(await found((await people.get(ann))!.name)).toEqual([])
      expect(await found(undefined)).toEqual([])
    })

    it('pages through people by name, everybody once, oneself left out', async () => {
      const { person, people, freshName } = scene()
      const mark = freshName()
      const names = ['e', 'B', 'a', 'D', 'c', 'c', 'c'].map((letter) => `${letter} ${mark}`)
      const ids: UserId[] = []
      for (const name of names) ids.push(await person({ name }))
      const all = await allPages((from?: PersonPosition) => people.find(ids[0]!, { query: mark, exact: false }, { limit: 2, from }))
      expect(all.map((person) => person.name)).toEqual(['a', 'B', 'c', 'c', 'c', 'D'].map((letter) => `${letter} ${mark}`))
      expect(all.map((person) => person.id).sort()).toEqual(ids.slice(1).sort())
    })

    it('lists everybody where nothing is asked for', async () => {
      const { persons, people } = scene()
      const [viewer, other] = (await persons(2)) as [UserId, UserId]
      const all = await allPages((from?: PersonPosition) => people.find(viewer, { exact: false }, { limit: 100, from }))
      const ids = all.map((person) => person.id)
      expect(ids).toContain(other)
      expect(ids).not.toContain(viewer)
      expect(new Set(ids).size).toBe(ids.length)
    })

    it('shows when somebody was last seen only to those who share a group with them or have both written', async () => {
      const stage = scene()
      const { persons, person, people, pair, group, send, dismiss, chats, tick, freshName } = stage
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const name = freshName()
      const dan = await person({ name })
      const at = tick()
      await people.seen(new Map([ann, bob, cid, dan].map((id) => [id, at])))
      await people.seen(new Map([[dan, at - 60_000]]))
      const chat = await pair(ann, dan)
      for (const who of [ann, dan]) await send(chat, who)
      const shared = await group(bob, dan)
      const found = async (viewer: UserId): Promise<Person> =>
        (await people.find(viewer, { query: name, exact: false }, { limit: 10 })).items[0]!
      const times = async (viewer: UserId) => [(await people.see(viewer, dan))!.lastSeenAt, (await found(viewer)).lastSeenAt]
      expect(await times(ann)).toEqual([at, at])
      expect(await times(bob)).toEqual([at, at])
      expect(await times(cid)).toEqual([undefined, undefined])
      expect((await chats.get(ann, chat))!.partner).toMatchObject({ id: dan, name, lastSeenAt: at })
      expect((await chats.membersOf(bob, shared, [dan]))![0]!.person.lastSeenAt).toBe(at)
      await dismiss(shared, bob, dan)
      expect(await times(bob)).toEqual([undefined, undefined])
    })

    it('forgets who is erased at once, and frees e-mail and username', async () => {
      const stage = scene()
      const { person, people, freshName, tick } = stage
      const username = freshName()
      const email = `${username}@example.com`
      const [viewer, ann] = [await person(), await person({ username, email, name: freshName(), passwordHash: '$x' })]
      const { name } = (await people.get(ann))!
      await people.erase(ann, tick())
      expect(await people.get(ann)).toBeUndefined()
      expect(await people.see(viewer, ann)).toBeUndefined()
      expect(await people.passwordHash(ann)).toBeUndefined()
      for (const login of [username, email]) expect(await people.credentials(login)).toBeUndefined()
      for (const query of [username, email, name])
        expect((await people.find(viewer, { query, exact: false }, { limit: 10 })).items).toEqual([])
      const again = await person({ username, email })
      expect((await people.credentials(email))!.user.id).toBe(again)
      await people.seen(new Map([[ann, tick()]]))
      expect(await people.get(ann)).toBeUndefined()
    })

    it('remembers deletions until they have ended', async () => {
      const { persons, people, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      await people.erase(ann, tick())
      await people.erase(ann, tick())
      await people.erase(bob, tick())
      expect(await people.erasing()).toEqual(expect.arrayContaining([ann, bob]))
      await people.erased(ann)
      expect(await people.erasing()).not.toContain(ann)
      expect(await people.erasing()).toContain(bob)
      await people.erased(bob)
      await people.erase(bob, tick())
      expect(await people.erasing()).not.toContain(bob)
    })

    it('leaves an id without a name where somebody was, whom nobody can add any more', async () => {
      const { persons, pair, openGroup, group, send, add, people, chats, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await pair(ann, bob)
      const { id } = await send(chat, bob)
      await people.seen(new Map([[bob, tick()]]))
      await people.erase(bob, tick())
      const nobody = unnamed(bob)
      expect((await chats.get(ann, chat))!.partner).toEqual(nobody)
      expect((await chats.message(ann, chat, id))!.message!.message.sender).toMatchObject({ id: bob, username: undefined, name: undefined })
      const members = (await chats.members(ann, chat, { limit: 10 }))!.items
      expect(members.find((member) => member.person.id === bob)!.person).toEqual(nobody)
      await expect(openGroup(ann, [bob])).rejects.toMatchObject({ code: 'user-not-found', facts: { userIds: [bob] } })
      const own = await group(ann)
      await expect(add(own, ann, bob)).rejects.toMatchObject({ code: 'user-not-found' })
    })
  })
