import { holder } from './holder.ts'

/** Which chats the list shows. */
export const filters = ['all', 'unread', 'groups'] as const
export type Filter = (typeof filters)[number]

export const listFilter = holder<Filter>('all')
