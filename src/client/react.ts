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

/** Provides a client to the hooks of its children. Neither starts nor closes it. */
export const ChatProvider = ({ client, children }: { readonly client: ChatClient; readonly children?: ReactNode }) =>
  createElement(Context, { value: client }, children)

/** Returns the client of the nearest `ChatProvider`. Throws if there is none. */
export function useClient(): ChatClient {
  const client = useContext(Context)
  if (!client) throw new Error('There is no ChatProvider above')
  return client
}

/** Returns the value of a store; renders again when it changes. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get, store.get)

/** Returns the state of the connection. */
export const useConnection = (): ConnectionState => useStore(useClient().connection)
/** Returns the profile of the user; undefined until it is loaded. */
export const useMe = (): Me | undefined => useStore(useClient().account.me)
/** Returns the user's chats, latest activity first. */
export const useChats = (): ChatList => useStore(useClient().chats)

/** Returns a chat with its stores and functions. Does not open it. */
export function useChat(id: string): Chat {
  const client = useClient()
  return useMemo(() => client.chat(id), [client, id])
}

/** Returns the list entry of a chat; undefined until it is loaded, or if the user is not a member. */
export const useChatItem = (id: string): ChatItem | undefined => useStore(useChat(id).item)
/** Returns the loaded members of a chat. */
export const useMembers = (id: string): Members => useStore(useChat(id).members)
/** Returns the ids of the members who are typing, without the user. Only of open chats. */
export const useTyping = (id: string): readonly string[] => useStore(useChat(id).typing)

/** Opens a chat while the component is mounted and returns its timeline. `at` is read once. */
export function useTimeline(id: string, { at }: OpenOptions = {}): Timeline {
  const chat = useChat(id)
  // `at` is where the timeline starts; a later change moves nothing.
  useEffect(() => chat.open({ at }), [chat])
  return useStore(chat.timeline)
}

/** Returns whether a user is online; undefined until known. Only of users in open chats. */
export const usePresence = (userId: string | undefined): Presence | undefined => {
  const presence = useStore(useClient().people.presence)
  return userId === undefined ? undefined : presence.get(userId)
}

/** Calls `listener` for each event while the component is mounted. The listener must be stable between renders. */
export function useChatEvent<E extends keyof ClientEvents>(event: E, listener: (told: ClientEvents[E]) => void): void {
  const client = useClient()
  useEffect(() => client.on(event, listener), [client, event, listener])
}
