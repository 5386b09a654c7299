import { holder } from './holder.ts'

/** What stands beside the messages of a chat; on phones, in their place. */
export interface PanelOf {
  readonly kind: 'details'
  readonly chatId: string
}

export const panel = holder<PanelOf | undefined>(undefined)
export const closePanel = (): void => panel.set(undefined)

/** Opens it, or closes it when it is open already. */
export function togglePanel(next: PanelOf): void {
  const open = panel.get()
  panel.set(open?.kind === next.kind && open.chatId === next.chatId ? undefined : next)
}
