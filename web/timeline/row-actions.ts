import type { Row } from '../../src/client/index.ts'

/** What rows do; it stays the same, so that they are not drawn again. */
export interface RowActions {
  reply(row: Row): void
  show(messageId: string): void
  openMenu(row: Row, anchor: HTMLElement): void
  react(row: Row, emoji: string): void
  pickReaction(row: Row, anchor: HTMLElement): void
  showPerson(userId: string): void
}
