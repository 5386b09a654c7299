import { createElement, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { useMentions, usePins } from '../../../src/client/react/content.ts'
import {
  ChatProvider,
  useChatItem,
  useChats,
  useConnection,
  useMe,
  useMembers,
  useOutbox,
  usePresence,
  useReaders,
  useSearch,
  useSend,
  useTimeline,
  useTyping,
  useUnread,
} from '../../../src/client/react.ts'
import { clientOf, given, online } from './given.ts'

async function scene() {
  const { server, ann, bob, chatId, clock } = await given()
  await bob.send(chatId, 'Hello')
  const { client } = clientOf(server, ann)
  await online(server, client)
  client.chat(chatId).open()
  await clock.until(() => client.chat(chatId).timeline.get().status === 'ready')
  const shown = (Part: () => ReactNode) => renderToString(createElement(ChatProvider, { client }, createElement(Part)))
  return { client, chatId, bob, shown }
}

describe('the React bindings', () => {
  it('show what the stores hold', async () => {
    const { chatId, bob, shown } = await scene()
    const Part = () => {
      const { rows } = useTimeline(chatId)
      const parts = [
        useConnection().status,
        useMe()?.name,
        useChats().items.length,
        useChatItem(chatId)?.partner?.name,
        rows.map(({ text }) => text).join(),
        useMembers(chatId).status,
        useTyping(chatId).length,
        usePresence(bob.id)?.isOnline ?? 'unknown',
        useUnread(),
        useOutbox().length,
        typeof useSend(chatId),
        useSearch('hello').status,
        useReaders(chatId, undefined).status,
        useMentions().status,
        usePins(chatId).items.length,
      ]
      return parts.join(' ')
    }
    expect(shown(Part)).toBe('online Ann 1 Bob Hello idle 0 unknown 1 0 function idle idle idle 0')
  })

  it('ask for a provider', () => {
    const Part = () => useConnection().status
    expect(() => renderToString(createElement(Part))).toThrow('There is no ChatProvider above')
  })
})
