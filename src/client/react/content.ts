'use client'

import { useCallback, useEffect, useState } from 'react'
import { listMentions } from '../mentions.ts'
import type { Message, Pins } from '../types.ts'
import { type Found, useFound } from './found.ts'
import { useClient, useStore } from './provider.ts'
import { useChat, useChatEvent, useChats, useMe } from './stores.ts'

export type { Found }

/**
 * Returns messages that mention the user or all members, newest first; loaded again when there are others, or others are read. `unread`: only
 * those that the user has not read.
 */
export function useMentions({ unread = false }: { readonly unread?: boolean | undefined } = {}): Found<Message> {
  const client = useClient()
  const me = useMe()?.id
  const { unreadMentions } = useChats()
  const [told, setTold] = useState(0)
  const hear = useCallback(
    ({ message: { mentions } }: { readonly message: Message }) => {
      if (mentions.some((mention) => mention.kind === 'all' || mention.userId === me)) setTold((count) => count + 1)
    },
    [me],
  )
  useChatEvent('message', hear)
  const key = `${unread} ${unread ? unreadMentions : ''} ${told}`
  return useFound(key, (options) => listMentions(client, { unread, ...options }), { keepsItems: true })
}

/** Returns the pinned messages of a chat, the latest pinned first; loaded on mounting, and again when others are pinned. */
export function usePins(chatId: string): Pins {
  const chat = useChat(chatId)
  useEffect(() => {
    // A failure shows in `status`.
    chat.loadPins().catch(() => {})
  }, [chat])
  return useStore(chat.pins)
}
