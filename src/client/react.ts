'use client'

export type { Found } from './react/found.ts'
export { usePeople, useReaders, useSearch } from './react/found.ts'
export { ChatProvider, useClient, useStore } from './react/provider.ts'
export {
  useArchivedChats,
  useChat,
  useChatEvent,
  useChatItem,
  useChats,
  useConnection,
  useIsBlocked,
  useMe,
  useMembers,
  useOutbox,
  usePresence,
  useSend,
  useSession,
  useTimeline,
  useTyping,
  useUnread,
} from './react/stores.ts'
