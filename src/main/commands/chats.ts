import { presentInspected } from '../../adapters/wire/present/admin.ts'
import type { Chat } from '../../domain/chat.ts'
import type { ChatId } from '../../domain/ids.ts'
import type { Context } from './context.ts'
import { OPERATOR, type PageOptions, pageAsked, pageText, withApplication } from './operator.ts'

export const listAllChats = ({ config, terminal }: Context, options: PageOptions): Promise<void> =>
  withApplication({ config, terminal }, async ({ ports }) => {
    const { cursor, ...window } = pageAsked(options)
    const { items, next } = await ports.chats.all({ ...window, from: cursor === undefined ? undefined : { id: cursor as ChatId } })
    const answer = { items: items.map(presentInspected), next: next?.id ?? null, prev: null }
    terminal.answer(answer, pageText(items.map(line), answer.next, 'There are no chats.'))
  })

export const showChat = ({ config, terminal }: Context, _options: object, id: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const chat = await api.inspectChat(OPERATOR, id as ChatId)
    terminal.answer(presentInspected(chat), line(chat))
  })

export const deleteAnyChat = ({ config, terminal }: Context, _options: object, id: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    await api.removeChat(OPERATOR, id as ChatId)
    terminal.answer({ id, deleted: true }, `The chat ${id} is deleted, with all that it held.`)
  })

const line = ({ id, kind, name, memberCount, headN, createdAt }: Chat) =>
  `${id}  ${kind}  ${name ?? '-'}  ${memberCount} members  ${headN} messages  ${new Date(createdAt).toISOString()}`
