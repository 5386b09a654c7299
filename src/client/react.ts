import { createContext, createElement, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import type {
  Chat,
  ChatClient,
  ChatItem,
  ChatList,
  ClientEvents,
  ConnectionState,
  Me,
  Members,
  OpenOptions,
  Presence,
  Store,
  Timeline,
} from './types.ts'

const Context = createContext<ChatClient | undefined>(undefined)

/** Hands a client to all hooks below. Starting and closing it stays with whoever made it. */
export const ChatProvider = ({ client, children }: { readonly client: ChatClient; readonly children?: ReactNode }) =>
  createElement(Context, { value: client }, children)

/** The client of the nearest `ChatProvider`. */
export function useClient(): ChatClient {
  const client = useContext(Context)
  if (!client) throw new Error('There is no ChatProvider above')
  return client
}

/** What a store holds, now and whenever it changes. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get, store.get)

export const useConnection = (): ConnectionState => useStore(useClient().connection)
export const useMe = (): Me | undefined => useStore(useClient().account.me)
export const useChats = (): ChatList => useStore(useClient().chats)

/** A chat by id, with what can be done in it. */
export function useChat(id: string): Chat {
  const client = useClient()
  return useMemo(() => client.chat(id), [client, id])
}

export const useChatItem = (id: string): ChatItem | undefined => useStore(useChat(id).item)
export const useMembers = (id: string): Members => useStore(useChat(id).members)
export const useTyping = (id: string): readonly string[] => useStore(useChat(id).typing)

/** The timeline of a chat, which is on the screen for as long as the component is. */
export function useTimeline(id: string, { at }: OpenOptions = {}): Timeline {
  const chat = useChat(id)
  // Where to begin is asked once; a later change of it moves nothing.
  useEffect(() => chat.open({ at }), [chat])
  return useStore(chat.timeline)
}

/** Is somebody there; undefined while nobody knows. */
export const usePresence = (userId: string | undefined): Presence | undefined => {
  const presence = useStore(useClient().people.presence)
  return userId === undefined ? undefined : presence.get(userId)
}

/** Calls `listener`, which has to stay the same between renders, for as long as the component is there. */
export function useChatEvent<E extends keyof ClientEvents>(event: E, listener: (told: ClientEvents[E]) => void): void {
  const client = useClient()
  useEffect(() => client.on(event, listener), [client, event, listener])
}
