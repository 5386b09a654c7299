import { holder } from './holder.ts'

/** The picture or video that is shown large. */
export interface Viewed {
  readonly chatId: string
  readonly messageId: string
  readonly fileId: string
}

export const viewer = holder<Viewed | undefined>(undefined)
export const openViewer = (next: Viewed): void => viewer.set(next)
export const closeViewer = (): void => viewer.set(undefined)
