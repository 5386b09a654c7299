import type { ChatItem, Chats } from '../../src/client/index.ts'
import { holder } from './holder.ts'

/** Which chats the list shows. */
export const filters = ['all', 'unread', 'groups'] as const
/** Places of their own: in the rail, and beside the filters where there is no rail. */
export const places = ['mentions', 'archive'] as const
export type Place = (typeof places)[number]
export type Filter = (typeof filters)[number] | Place

export const listFilter = holder<Filter>('all')

export const isUnread = ({ unread, isMarkedUnread }: ChatItem): boolean => unread > 0 || isMarkedUnread

const isIn: Readonly<Record<Filter, (item: ChatItem) => boolean>> = {
  all: () => true,
  archive: () => true,
  mentions: () => true,
  unread: isUnread,
  groups: ({ kind }) => kind === 'group',
}

/** Whether a chat is one of those that the filter lets through. The open one stays where it is, also when it has been read. */
export const passes = (filter: Filter, item: ChatItem, openId: string | undefined): boolean => isIn[filter](item) || item.id === openId

/** What the filter is a filter of. */
export const listOf = (chats: Chats, filter: Filter) => (filter === 'archive' ? chats.archived : chats)
