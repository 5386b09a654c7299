import { thing } from '../chats/chats.ts'

export const other = thing
