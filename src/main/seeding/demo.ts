import type { Caller, ChatApi, NewMessage, Sent, Source } from '../../application/chat-api.ts'
import type { NewContent } from '../../domain/content.ts'
import type { ChatId, ClientMessageId, Seq } from '../../domain/ids.ts'
import { dialogues, groupName, groupTalk, names } from '../demo-texts.ts'
import { harmless } from './harmless.ts'
import { type Actor, mentioning, uploaded } from './lively.ts'

type Words = NewContent & Pick<NewMessage, 'replyTo'>
type Line = readonly [who: Actor, message: string | Words | { readonly forward: Source }]
/** What was said before, by the number of the line from 0; undefined where people have changed it. */
type Said = readonly (Sent | undefined)[]

/** Says what there is to say, line by line, and what else is said before the last of them. */
async function talk(api: ChatApi, chatId: ChatId, lines: readonly Line[], more: (said: Said) => Promise<readonly Line[]>): Promise<Said> {
  const readTo = new Map<Caller, Seq>()
  const said: (Sent | undefined)[] = []
  const say = async ([who, message]: Line, key: string) => {
    const content = typeof message === 'string' ? { text: message } : message
    const command = { chatId, ...content, clientMessageId: key as ClientMessageId } as { chatId: ChatId } & NewMessage
    const sent = await harmless(api.sendMessage(who, command))
    if (sent) readTo.set(who, sent.view.message.seq)
    return sent
  }
  for (const [i, line] of lines.slice(0, -1).entries()) said.push(await say(line, `demo-${i + 1}`))
  const others: (Sent | undefined)[] = []
  for (const [i, line] of (await more(said)).entries()) others.push(await say(line, `demo-also-${i + 1}`))
  said.push(await say(lines.at(-1)!, `demo-${lines.length}`), ...others)
  // Who has answered has read what they answer.
  for (const [who, seq] of readTo) await harmless(api.markRead(who, { chatId, seq }))
  return said
}

/** Four private chats of neighbours and one group of the first five, with what they said. */
export async function seedDemo(api: ChatApi, users: readonly Actor[]): Promise<{ chats: number; messages: number }> {
  const first = users.slice(0, names.length)
  let messages = 0
  let photo: Sent | undefined
  for (const [i, dialogue] of dialogues.entries()) {
    const pair = [first[i]!, first[i + 1]!] as const
    const { view } = await api.openPrivateChat(pair[0], { userId: pair[1].userId })
    const lines = dialogue.map(([who, text]): Line => [pair[who], text])
    const said = await talk(api, view.chat.id, lines, async () => (i === PHOTOS ? photoOf(api, pair[0]) : []))
    messages += said.length
    if (i === PHOTOS) photo = said[lines.length]
  }
  return { chats: dialogues.length + 1, messages: messages + (await seedGroup(api, first, photo)) }
}

/** The dialogue about photos; one of them is sent there. */
const PHOTOS = 1

async function photoOf(api: ChatApi, sender: Actor): Promise<readonly Line[]> {
  const fileId = await uploaded(api, sender, 0)
  return fileId ? [[sender, { text: 'This one', attachments: [{ fileId, alt: 'Hills' }] }]] : []
}

/** Lines of the group: a greeting, the plan, and who brings coffee. */
const [GREETING, PLAN, COFFEE] = [0, 7, 9]

async function seedGroup(api: ChatApi, first: readonly Actor[], photo: Sent | undefined): Promise<number> {
  const [owner, boris, maria, daniel, elena] = first as [Actor, Actor, Actor, Actor, Actor]
  const memberIds = first.slice(1).map(({ userId }) => userId)
  const { view } = await api.createGroup(owner, { name: groupName, memberIds, clientChatId: 'demo' })
  const chatId = view.chat.id
  const lines = groupTalk.map(([who, text]): Line => [first[who]!, text])
  const said = await talk(api, chatId, lines, async (before) => {
    const replyTo = before[PLAN]?.view.message.id
    const source = photo?.view.message
    return [
      [elena, mentioning(daniel, 'не проспи! 🙂')],
      [boris, { text: 'I bring **two** thermoses.', format: 'markdown', replyTo }],
      ...(source ? [[maria, { forward: { chatId: source.chatId, messageId: source.id } }] as const] : []),
    ]
  })

  const react = async (line: number, emoji: string, ...by: readonly Actor[]) => {
    const sent = said[line]
    if (!sent || sent.view.reactions.sums.length > 0) return
    for (const member of by) await harmless(api.addReaction(member, { chatId, messageId: sent.view.message.id, emoji }))
  }
  await react(GREETING, '👋', boris, maria)
  await react(PLAN, '👍', owner, boris, maria)
  await react(COFFEE, '❤️', daniel)
  const plan = said[PLAN]
  // What was unpinned since stays so.
  if (plan && !plan.replayed) await harmless(api.pinMessage(owner, { chatId, messageId: plan.view.message.id }))
  return said.length
}
