import { holder } from './holder.ts'

export type DialogOf =
  | { readonly kind: 'new-chat' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'settings'; readonly tab?: string }
  | { readonly kind: 'admin'; readonly tab?: string }
  | { readonly kind: 'person'; readonly userId: string; readonly chatId?: string }
  | { readonly kind: 'reactors'; readonly chatId: string; readonly messageId: string }
  | { readonly kind: 'forward'; readonly chatId: string; readonly messageId: string }
  | { readonly kind: 'join'; readonly code: string }
  | { readonly kind: 'report'; readonly chatId: string; readonly messageId: string; readonly senderId: string }
  | { readonly kind: 'readers'; readonly chatId: string; readonly messageId: string }

/** The dialog that is open. */
export const dialog = holder<DialogOf | undefined>(undefined)
let times = 0
export function openDialog(next: DialogOf): void {
  times++
  dialog.set(next)
}
/** How often a dialog was opened: one that opens in place of its like is another one. */
export const openings = (): number => times
export const closeDialog = (): void => dialog.set(undefined)
