import { holder } from './holder.ts'

/** A message that is to be shown as soon as its chat is open: what a search has found. */
export const wantedPlace = holder<{ readonly chatId: string; readonly seq: number } | undefined>(undefined)
