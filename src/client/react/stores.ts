'use client'

import { useEffect, useMemo, useState } from 'react'
import type {
  Auth,
  Chat,
  ChatItem,
  ChatList,
  ClientEvents,
  ConnectionState,
  Me,
  Members,
  OpenOptions,
  Presence,
  Row,
  Session,
  Timeline,
} from '../types.ts'
import { useClient, useStore } from './provider.ts'

/** Returns the state of the connection. */
export const useConnection = (): ConnectionState => useStore(useClient().connection)
/** Returns the user; undefined until known. */
export const useMe = (): Me | undefined => useStore(useClient().account.me)
/** Returns the user's chats, newest first. */
export const useChats = (): ChatList => useStore(useClient().chats)
/** Returns the user's archived chats; the first of them are loaded on mounting. */
export function useArchivedChats(): ChatList {
  const { archived } = useClient().chats
  useEffect(() => {
    // A failure shows in `status`.
    if (archived.get().status === 'idle') archived.loadMore().catch(() => {})
  }, [archived])
  return useStore(archived)
}
/** Returns the number of unread messages in the loaded chats. */
export const useUnread = (): number => useChats().unread
/** Returns all messages that are not sent yet, in any chat. */
export const useOutbox = (): readonly Row[] => useStore(useClient().outbox)

/** Returns the session of an `Auth`; `isRestored` is false until its store has been read. */
export function useSession(auth: Auth): { readonly session: Session | undefined; readonly isRestored: boolean } {
  const session = useStore(auth.session)
  const [isRestored, setRestored] = useState(false)
  useEffect(() => {
    let isOver = false
    const done = () => isOver || setRestored(true)
    auth.restored.then(done, done)
    return () => {
      isOver = true
    }
  }, [auth])
  return { session, isRestored }
}

/** Returns a chat by id, with what can be done in it. */
export function useChat(id: string): Chat {
  const client = useClient()
  return useMemo(() => client.chat(id), [client, id])
}

/** Returns a chat as lists show it; undefined until known, and when it is no longer the user's. */
export const useChatItem = (id: string): ChatItem | undefined => useStore(useChat(id).item)
/** Returns the ids of the users who are typing in a chat that is on screen. */
export const useTyping = (id: string): readonly string[] => useStore(useChat(id).typing)
/** Returns the function that sends to a chat: `send(text, { replyTo })`. It stays the same. */
export const useSend = (id: string): Chat['send'] => useChat(id).send

/** Returns the members of a chat; the first of them are loaded on mounting, further ones by `chat.loadMembers()`. */
export function useMembers(id: string): Members {
  const chat = useChat(id)
  useEffect(() => {
    // A failure shows in `status`.
    if (chat.members.get().status === 'idle') chat.loadMembers().catch(() => {})
  }, [chat])
  return useStore(chat.members)
}

/** Returns the timeline of a chat, which is on screen for as long as the component is mounted. */
export function useTimeline(id: string, { at }: OpenOptions = {}): Timeline {
  const chat = useChat(id)
  // Where to begin is read once; a later change of it moves nothing.
  useEffect(() => chat.open({ at }), [chat])
  return useStore(chat.timeline)
}

/** Returns whether a user is online; undefined while it is not known. */
export const usePresence = (userId: string | undefined): Presence | undefined => {
  const presence = useStore(useClient().people.presence)
  return userId === undefined ? undefined : presence.get(userId)
}

/** Returns whether the user has blocked another one, on any device. */
export const useIsBlocked = (userId: string | undefined): boolean => {
  const blocked = useStore(useClient().people.blocked)
  return userId !== undefined && blocked.includes(userId)
}

/** Calls `listener`, which has to stay the same between renders, while the component is mounted. */
export function useChatEvent<E extends keyof ClientEvents>(event: E, listener: (told: ClientEvents[E]) => void): void {
  const client = useClient()
  useEffect(() => client.on(event, listener), [client, event, listener])
}
