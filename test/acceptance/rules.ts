import { expect } from 'vitest'
import { type Actor, type Driver, freshKey } from './actor.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'

const people = (driver: Driver, ...names: readonly string[]): Promise<Actor[]> => Promise.all(names.map((name) => driver.person(name)))
const refused = (code: string) => ({ rejects: code })
const refuses = (call: Promise<unknown>, { rejects }: ReturnType<typeof refused>) =>
  expect(call).rejects.toThrow(new RegExp(`^${rejects}$`))

/** The rules of the product, whoever drives it. */
export const rules: Readonly<Record<string, (driver: Driver) => Promise<void>>> = {
  async 'a message arrives once, however often its sender tries'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const tries = await Promise.all(Array.from({ length: 8 }, () => anna.writesTo(boris, ' Привет! ', 'first')))
    expect(new Set(tries.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(1)
    expect(tries.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
    const later = await anna.writesTo(boris, 'Привет!', 'first')
    expect(later).toMatchObject({ id: tries[0]!.id, isReplay: true, text: 'Привет!' })
    expect((await boris.history(later.chat)).map(({ text }) => text)).toEqual(['Привет!'])
  },

  async 'the same key with other words is refused, and nothing is lost'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const { chat } = await anna.writesTo(boris, 'one', 'key')
    await refuses(anna.says(chat, 'two', 'key'), refused('key-reused'))
    const own = await boris.says(chat, 'mine', 'key')
    expect(own.isReplay).toBe(false)
    expect((await anna.history(chat)).map(({ text }) => text)).toEqual(['one', 'mine'])
  },

  async 'a replay answers with the message as it is now'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const sent = await anna.writesTo(boris, 'draft', 'key')
    await anna.edits(sent, 'fair copy')
    expect(await anna.says(sent.chat, 'draft', 'key')).toMatchObject({ text: 'fair copy', version: 2, isReplay: true })
    await refuses(anna.says(sent.chat, 'fair copy', 'key'), refused('key-reused'))
    await anna.deletes(sent)
    expect(await anna.says(sent.chat, 'draft', 'key')).toMatchObject({ text: null, isDeleted: true, isReplay: true })
  },

  async 'two people have one private chat, however many open it at once'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const opened = await Promise.all(Array.from({ length: 8 }, (_, i) => (i % 2 ? anna.opens(boris) : boris.opens(anna))))
    expect(new Set(opened).size).toBe(1)
    expect(await anna.log(opened[0]!)).toEqual([{ seq: 1, type: 'chat.created' }])
    await refuses(anna.opens(anna), refused('chat-with-self'))
    await refuses(anna.opens({ ...boris, id: NOBODY }), refused('user-not-found'))
  },

  async 'parallel sends of many are one log, 1, 2, 3 … for everyone'(driver) {
    const members = await people(driver, 'Анна', 'Борис', 'Вера', 'Глеб')
    const [anna, ...others] = members as [Actor, ...Actor[]]
    const chat = await anna.founds('Все', others)
    await Promise.all(members.flatMap((member) => Array.from({ length: 6 }, (_, i) => member.says(chat, `${member.name} ${i}`))))
    const logs = await Promise.all(members.map((member) => member.log(chat)))
    expect(logs[0]!.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
    for (const log of logs) expect(log).toEqual(logs[0])
    const history = await anna.history(chat)
    expect(history.map(({ text }) => text ?? '').toSorted()).toEqual(
      members.flatMap(({ name }) => Array.from({ length: 6 }, (_, i) => `${name} ${i}`)).toSorted(),
    )
  },

  async 'to an outsider a chat looks as if it did not exist'(driver) {
    const [anna, boris, stranger] = (await people(driver, 'Анна', 'Борис', 'Чужой')) as [Actor, Actor, Actor]
    const message = await anna.writesTo(boris, 'between us')
    for (const chat of [message.chat, NOBODY]) {
      const there = { ...message, chat }
      const not = refused('chat-not-found')
      await refuses(stranger.history(chat), not)
      await refuses(stranger.log(chat), not)
      await refuses(stranger.members(chat), not)
      await refuses(stranger.says(chat, 'hello'), not)
      await refuses(stranger.reads(chat, 1), not)
      await refuses(stranger.edits(there, 'hacked'), not)
      await refuses(stranger.deletes(there), not)
      await refuses(stranger.renames(chat, 'ours'), not)
      await refuses(stranger.adds(chat, [stranger]), not)
      await refuses(stranger.removes(chat, [anna]), not)
      await refuses(stranger.removes(chat, [stranger]), not)
      await refuses(stranger.gives(chat, stranger, 'owner'), not)
      await refuses(stranger.disbands(chat), not)
    }
    expect(await stranger.searches('between us')).toEqual([])
    expect(await stranger.chats()).toEqual([])
  },

  async 'blank and too long texts are refused with what would be right'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const chat = await anna.opens(boris)
    await refuses(anna.says(chat, ' \n\t '), refused('text-empty'))
    await refuses(anna.says(chat, 'я'.repeat(4_097)), refused('text-too-long'))
    await refuses(anna.says(chat, 'a\0b'), refused('invalid'))
    const longest = '😀'.repeat(4_096)
    expect((await anna.says(chat, ` ${longest}\n`)).text).toBe(longest)
    expect(await anna.log(chat)).toHaveLength(2)
  },

  async 'authors edit, and only what they have seen'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const sent = await anna.writesTo(boris, 'one')
    await anna.edits(sent, 'one')
    await anna.edits(sent, 'two', 1)
    await refuses(anna.edits(sent, 'three', 1), refused('version-conflict'))
    await refuses(boris.edits(sent, 'mine'), refused('not-allowed'))
    await refuses(anna.edits({ ...sent, id: NOBODY }, 'x'), refused('message-not-found'))
    expect(await boris.history(sent.chat)).toMatchObject([{ text: 'two', version: 2 }])
    await anna.deletes(sent)
    await anna.deletes(sent)
    await refuses(anna.edits(sent, 'four'), refused('message-deleted'))
    expect((await anna.log(sent.chat)).map(({ type }) => type)).toEqual([
      'chat.created',
      'message.sent',
      'message.edited',
      'message.deleted',
    ])
  },

  async 'replies point at a message of the same chat'(driver) {
    const [anna, boris, vera] = (await people(driver, 'Анна', 'Борис', 'Вера')) as [Actor, Actor, Actor]
    const question = await anna.writesTo(boris, 'how?')
    const elsewhere = await anna.writesTo(vera, 'who?')
    await boris.says(question.chat, 'so', freshKey(), question.id)
    await refuses(boris.says(question.chat, 'no', freshKey(), elsewhere.id), refused('message-not-found'))
    expect(await anna.history(question.chat)).toHaveLength(2)
  },

  async 'unread counts what others said and did not take back'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const first = await anna.writesTo(boris, 'one')
    const second = await anna.says(first.chat, 'two')
    await boris.says(first.chat, 'own')
    await anna.says(first.chat, 'three')
    expect(await boris.chats()).toMatchObject([{ unread: 3, last: 'three' }])
    await anna.deletes(second)
    expect(await boris.chats()).toMatchObject([{ unread: 2 }])
    expect(await boris.reads(first.chat, first.seq)).toEqual(expect.objectContaining({ readSeq: first.seq, unread: 1 }))
    expect(await boris.reads(first.chat, 1)).toMatchObject({ readSeq: first.seq, unread: 1 })
    expect(await boris.reads(first.chat, 1_000)).toMatchObject({ unread: 0, readSeq: (await boris.log(first.chat)).length })
    expect(await anna.chats()).toMatchObject([{ unread: 1 }])
  },

  async 'a message is read when everybody else has reached it'(driver) {
    const [anna, boris, vera] = (await people(driver, 'Анна', 'Борис', 'Вера')) as [Actor, Actor, Actor]
    const chat = await anna.founds('Трое', [boris, vera])
    const sent = await anna.says(chat, 'news')
    await boris.reads(chat, sent.seq)
    expect((await anna.history(chat))[0]).toMatchObject({ isRead: false })
    await vera.reads(chat, sent.seq)
    for (const member of [anna, boris, vera]) expect((await member.history(chat))[0]).toMatchObject({ isRead: true })
  },

  async 'owners and admins run a group, one owner owns it'(driver) {
    const [anna, boris, vera, gleb] = (await people(driver, 'Анна', 'Борис', 'Вера', 'Глеб')) as [Actor, Actor, Actor, Actor]
    const chat = await anna.founds('Команда', [boris, boris, anna])
    const founders = await anna.members(chat)
    expect(founders).toHaveLength(2)
    expect(founders).toContainEqual({ id: anna.id, role: 'owner' })
    expect(founders).toContainEqual({ id: boris.id, role: 'member' })
    await refuses(boris.adds(chat, [vera]), refused('not-allowed'))
    await refuses(boris.renames(chat, 'Моя'), refused('not-allowed'))
    await anna.gives(chat, boris, 'admin')
    expect(await boris.adds(chat, [vera, anna, vera])).toEqual([vera.id])
    await refuses(anna.adds(chat, [gleb, { ...gleb, id: NOBODY }]), refused('user-not-found'))
    expect(await anna.members(chat)).toHaveLength(3)
    await refuses(boris.removes(chat, [anna]), refused('not-allowed'))
    await refuses(boris.gives(chat, vera, 'admin'), refused('not-allowed'))
    await refuses(anna.removes(chat, [anna]), refused('last-owner'))
    await anna.gives(chat, boris, 'owner')
    expect((await anna.members(chat)).map(({ role }) => role).toSorted()).toEqual(['admin', 'member', 'owner'])
    await anna.removes(chat, [anna])
    await refuses(anna.history(chat), refused('chat-not-found'))
    await boris.removes(chat, [vera])
    await boris.removes(chat, [boris])
    await refuses(boris.history(chat), refused('chat-not-found'))
  },

  async 'six additions of one person at once are one membership'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const chat = await anna.founds('Группа', [])
    const added = await Promise.all(Array.from({ length: 6 }, () => anna.adds(chat, [boris])))
    expect(added.flat()).toEqual([boris.id])
    expect((await anna.log(chat)).map(({ type }) => type)).toEqual(['chat.created', 'member.added'])
  },

  async 'who is removed loses the chat, who comes back has everything read'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const chat = await anna.founds('Группа', [boris])
    await anna.says(chat, 'one')
    await anna.removes(chat, [boris])
    await refuses(boris.says(chat, 'still here'), refused('chat-not-found'))
    await anna.says(chat, 'two')
    await anna.adds(chat, [boris])
    expect(await boris.chats()).toMatchObject([{ id: chat, unread: 0 }])
    expect((await boris.history(chat)).map(({ text }) => text)).toEqual(['one', 'two'])
  },

  async 'several leave at once, or nobody'(driver) {
    const [anna, boris, vera, stranger] = (await people(driver, 'Анна', 'Борис', 'Вера', 'Чужой')) as [Actor, Actor, Actor, Actor]
    const chat = await anna.founds('Группа', [boris, vera])
    await refuses(anna.removes(chat, [boris, stranger]), refused('user-not-found'))
    expect(await anna.members(chat)).toHaveLength(3)
    await anna.removes(chat, [boris, vera])
    expect(await anna.members(chat)).toHaveLength(1)
  },

  async 'a private chat is no group'(driver) {
    const [anna, boris, vera] = (await people(driver, 'Анна', 'Борис', 'Вера')) as [Actor, Actor, Actor]
    const { chat } = await anna.writesTo(boris, 'hello')
    const calls = [
      anna.renames(chat, 'Мы'),
      anna.adds(chat, [vera]),
      anna.removes(chat, [boris]),
      anna.gives(chat, boris, 'owner'),
      anna.disbands(chat),
    ]
    await Promise.all(calls.map((call) => refuses(call, refused('not-a-group'))))
    await anna.removes(chat, [anna])
    expect(await anna.chats()).toEqual([])
    expect(await boris.chats()).toHaveLength(1)
    await boris.says(chat, 'come back')
    expect(await anna.chats()).toMatchObject([{ id: chat, unread: 1 }])
  },

  async 'a group that is made twice with one key is one group'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const made = await Promise.all(Array.from({ length: 5 }, () => anna.founds('Группа', [boris], 'my group')))
    expect(new Set(made).size).toBe(1)
    expect(await boris.founds('Другая', [], 'my group')).not.toBe(made[0])
    await refuses(anna.founds('Группа', [{ ...boris, id: NOBODY }]), refused('user-not-found'))
  },

  async 'a group is deleted with all that it holds'(driver) {
    const [anna, boris] = (await people(driver, 'Анна', 'Борис')) as [Actor, Actor]
    const chat = await anna.founds('Группа', [boris])
    await anna.says(chat, 'gone soon')
    await refuses(boris.disbands(chat), refused('not-allowed'))
    await anna.disbands(chat)
    for (const member of [anna, boris]) {
      await refuses(member.history(chat), refused('chat-not-found'))
      expect(await member.searches('gone soon')).toEqual([])
    }
  },

  async 'people, chats and messages are found in Russian, without regard to case'(driver) {
    const mark = `Щ${freshKey().replace(/\D/g, '')}${crypto.randomUUID().slice(0, 8)}`
    const [anna, boris] = (await people(driver, `Анна ${mark}`, `БОРИС ${mark}`)) as [Actor, Actor]
    expect(await anna.finds(`борис ${mark.toLowerCase()}`)).toEqual([boris.id])
    expect(await anna.finds(`анна ${mark}`)).toEqual([])
    const { chat } = await anna.writesTo(boris, `Съешь же ещё этих мягких БУЛОК, ${mark}`)
    expect(await boris.searches(`булок, ${mark.toLowerCase()}`)).toHaveLength(1)
    expect(await boris.chats(`АННА ${mark}`)).toMatchObject([{ id: chat }])
    expect(await boris.chats('100%')).toEqual([])
  },
}
