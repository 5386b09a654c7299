import type { Caller } from '../../../src/application/chat-api.ts'
import type { NewContent } from '../../../src/domain/content.ts'
import type { ChatId, ClientMessageId, FileId, MessageId } from '../../../src/domain/ids.ts'
import { picture } from '../../../src/main/seeding/picture.ts'
import type { ErasedWorld } from './world.ts'

/** So many groups that lists and searches settle them, and so many messages that a part of one is indexed. */
const MANY = { groups: 80, messages: 150 }

export interface Told {
  readonly who: Caller
  readonly other: Caller
}

/** One who writes a word wherever there is room for a text, and another, who says the same whatever the word is. */
export async function tellEverything(world: ErasedWorld, word: string, emoji: string, { groups: count, messages } = MANY): Promise<Told> {
  const { api, clock } = world
  const who = await world.person('Who', `${word} phone`)
  const other = await world.person('Other')
  let keys = 0
  const key = () => `key ${++keys}` as ClientMessageId
  const say = async (caller: Caller, chatId: ChatId, content: NewContent & { replyTo?: MessageId }) => {
    clock.advance(1_000)
    return (await api.sendMessage(caller, { chatId, clientMessageId: key(), ...content })).view.message
  }
  const group = async (owner: Caller, member: Caller) =>
    (await api.createGroup(owner, { name: 'Group', memberIds: [member.userId] })).view.chat.id
  async function* bytes(...parts: readonly (string | Uint8Array)[]) {
    for (const part of parts) yield Buffer.from(part)
  }
  const upload = async (name: string, ...parts: readonly (string | Uint8Array)[]): Promise<FileId> =>
    (await api.uploadFile(who, { name, clientFileId: `file ${++keys}`, bytes: bytes(...parts) })).file.id

  await api.updateMe(who, { name: `Who ${word}`, username: `${word}.stripes`, email: `${word}@example.com`, currentPassword: '' })
  await api.updateMe(who, { avatar: await upload(`${word}.png`, picture(word.charCodeAt(0))) })
  await api.addTotp(who, { currentPassword: '', name: word })
  await api.keepPushDevice(who, {
    id: 'device',
    kind: 'web',
    endpoint: `https://push.example/${word}`,
    keys: { p256dh: word, auth: word },
    content: 'full',
    level: undefined,
  })

  // A chat long enough to be indexed, with all that messages have.
  const long = await group(other, who)
  const theirs = await say(other, long, { text: 'Something to react to.' })
  const attachments = [{ fileId: await upload(`${word}.txt`, `The bytes say ${word}.`), alt: `A ${word}` }]
  const full = await say(who, long, { text: `A ${word}`, format: 'markdown', data: { of: word }, attachments })
  await api.editMessage(who, { chatId: long, messageId: full.id, text: `Two ${word}s, @Other`, data: { of: [word] } })
  const answer = await say(other, long, { text: 'An answer.', replyTo: full.id })
  await say(who, long, { text: `@Other, a ${word}`, mentions: [{ kind: 'user', userId: other.userId, start: 0, length: 6 }] })
  const gone = await say(who, long, { text: `Deleted at once: ${word}` })
  await api.deleteMessage(who, { chatId: long, messageId: gone.id })
  for (const messageId of [theirs.id, answer.id]) await api.addReaction(who, { chatId: long, messageId, emoji })
  await api.addReaction(other, { chatId: long, messageId: theirs.id, emoji: '👍' })
  await api.removeReaction(who, { chatId: long, messageId: answer.id, emoji })
  await api.pinMessage(other, { chatId: long, messageId: full.id })
  for (let i = 0; i < messages; i++) await say(i % 2 ? who : other, long, { text: i % 2 ? `Number ${i}: ${word}` : `Number ${i}.` })

  // Groups in which each has said something, so that their texts are in packs; some of them are left, or silent again.
  const groups: ChatId[] = []
  for (let i = 0; i < count; i++) {
    const chatId = await group(i % 10 === 0 ? who : other, i % 10 === 0 ? other : who)
    groups.push(chatId)
    await say(who, chatId, { text: `Letter ${i} of ${word}` })
    await say(other, chatId, { text: `Letter ${i} of many.` })
  }
  const [left, silent] = [groups[1]!, groups[2]!]
  await api.removeMembers(who, { chatId: left, userIds: [who.userId] })
  const { items } = await api.listMessages(who, { chatId: silent, window: { kind: 'newest' }, limit: 10 })
  const own = items.filter(({ message }) => message.sender.id === who.userId)
  for (const { message } of own) await api.deleteMessage(who, { chatId: silent, messageId: message.id })
  await api.removeMembers(who, { chatId: silent, userIds: [who.userId] })

  // What is said of others, and to one alone.
  const third = await world.person('Third')
  await api.banUser(who, { chatId: groups[0]!, userId: third.userId, reason: `Because of ${word}` })
  await api.reportMessage(who, { chatId: long, messageId: theirs.id, reason: 'other', comment: `It says ${word}` })
  await api.createInvitation(who, { chatId: groups[0]! })
  await api.sendMessageToUser(who, { userId: third.userId, clientMessageId: key(), text: `In private: ${word}` })
  await api.blockUser(who, third.userId)
  await upload(`loose ${word}.txt`, `Nobody has ${word}.`)
  const open = await api.createUpload(who, { name: `open ${word}`, clientFileId: 'open', length: 1_000 })
  await api.continueUpload(who, { uploadId: open.id, offset: 0, bytes: bytes(`Half of ${word}.`) }).catch(() => undefined)
  await world.settle()
  return { who, other }
}
