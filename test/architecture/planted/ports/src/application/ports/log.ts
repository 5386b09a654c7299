import { thing } from '../chats/seen.ts'

export const other = thing
