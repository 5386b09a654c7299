import type { Caller, ChatApi, NewMessage, Sent } from '../../application/chat-api.ts'
import type { NewContent } from '../../domain/content.ts'
import type { ChatId, ClientMessageId, FileId, MessageId } from '../../domain/ids.ts'
import { length } from '../../domain/words.ts'
import { harmless } from './harmless.ts'
import { picture } from './picture.ts'

/** A user of the demo, and the name to mention them by. */
export type Actor = Caller & { readonly name: string }

export interface Room {
  readonly chatId: ChatId
  readonly members: readonly Actor[]
}

const EMOJI = ['👍', '❤️', '😂', '🎉', '🙏', '🔥'] as const
/** Pictures take their time: so many messages have one, at most. */
const PICTURES = 200

/** What the message of this number has besides its words: always the same. */
export const isReply = (number: number): boolean => number % 12 === 3
const isMention = (number: number) => number % 15 === 4
const isFormatted = (number: number) => number % 25 === 8
const isPicture = (number: number) => number % 50 === 11 && number < 50 * PICTURES
const isReacted = (number: number) => number % 10 === 6
const isPinned = (number: number) => number % 200 === 17

/** A text that begins with a mention of a user. */
export function mentioning({ name, userId }: Actor, text: string): NewContent {
  return { text: `@${name}, ${text}`, mentions: [{ kind: 'user', userId, start: 0, length: length(`@${name}`) }] }
}

/** A picture of the sender's, uploaded once. Undefined where files are off. */
export async function uploaded(api: ChatApi, sender: Caller, number: number): Promise<FileId | undefined> {
  const bytes = (async function* () {
    yield picture(number % 8)
  })()
  const done = await harmless(api.uploadFile(sender, { name: `hills-${number}.png`, clientFileId: `demo-${number}`, bytes }))
  return done?.file.id
}

interface Saying extends Room {
  readonly number: number
  readonly sender: Actor
  readonly text: string
  readonly clientMessageId: ClientMessageId
  readonly replyTo: MessageId | undefined
}

/** Sends the message of a number. Returns undefined where people have changed what it needs. */
export async function say(api: ChatApi, saying: Saying): Promise<Sent | undefined> {
  const { chatId, number, sender, clientMessageId, replyTo } = saying
  const message: NewMessage = { clientMessageId, replyTo, ...(await contentOf(api, saying)) }
  const sent = await harmless(api.sendMessage(sender, { chatId, ...message }))
  if (sent && isReacted(number)) await react(api, saying, sent)
  // What was unpinned since stays so.
  if (sent && !sent.replayed && isPinned(number))
    await harmless(api.pinMessage(saying.members[0]!, { chatId, messageId: sent.view.message.id }))
  return sent
}

async function contentOf(api: ChatApi, { number, sender, members, text }: Saying): Promise<NewContent> {
  const next = members[(members.indexOf(sender) + 1) % members.length]!
  if (isMention(number)) return mentioning(next, text)
  if (isFormatted(number)) return { text: `**${text}**`, format: 'markdown' }
  const fileId = isPicture(number) ? await uploaded(api, sender, number) : undefined
  return fileId ? { text, attachments: [{ fileId }] } : { text }
}

/** One to three members react, unless somebody has done so already. */
async function react(api: ChatApi, { chatId, number, sender, members }: Saying, { view }: Sent): Promise<void> {
  if (view.reactions.sums.length > 0) return
  const others = members.filter((one) => one !== sender).slice(0, 1 + (Math.floor(number / 10) % 3))
  for (const [i, member] of others.entries()) {
    const emoji = EMOJI[(number + (i >> 1)) % EMOJI.length]!
    await harmless(api.addReaction(member, { chatId, messageId: view.message.id, emoji }))
  }
}
