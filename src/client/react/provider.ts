'use client'

import { createContext, createElement, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { ChatClient, Store } from '../types.ts'

const Context = createContext<ChatClient | undefined>(undefined)

interface ProviderProps {
  /** A client, or a function that makes one, which is called once. */
  readonly client: ChatClient | (() => ChatClient)
  readonly children?: ReactNode
}

/** Hands a client to all hooks below, and runs it while it is mounted: it is started on mounting and stopped on unmounting. */
export function ChatProvider({ client, children }: ProviderProps) {
  const [made] = useState(client)
  const current = typeof client === 'function' ? made : client
  useEffect(() => current.start(), [current])
  return createElement(Context, { value: current }, children)
}

/** Returns the client of the nearest `ChatProvider`. Throws without one. */
export function useClient(): ChatClient {
  const client = useContext(Context)
  if (!client) throw new Error('There is no ChatProvider above')
  return client
}

/** Returns what a store holds, now and whenever it changes. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get, store.get)
