import { holder } from './holder.ts'

/** Which chats the list shows. */
export const filters = ['all', 'unread', 'groups'] as const
/** The archive is a place of its own. */
export type Filter = (typeof filters)[number] | 'archive'

export const listFilter = holder<Filter>('all')
