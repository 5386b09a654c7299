import { BARE, keyOf } from '../copy/message.ts'
import { type Wishes, wished } from '../copy/wishes.ts'
import type { Me, Message, Row } from '../types.ts'
import { shownAttachments } from './content.ts'
import type { Sending } from './sendings.ts'

export interface RowMaker {
  ofMessage(message: Message, readByOthers: number | undefined): Row
  /** Undefined for what is no longer on its way. */
  ofSending(sending: Sending): Row | undefined
}

/** Makes rows, and makes the same row of the same thing. */
export function rowMaker(
  me: () => Pick<Me, 'id' | 'username' | 'name'> | undefined,
  wishesOf: (chatId: string) => Wishes | undefined = () => undefined,
): RowMaker {
  const rows = new WeakMap<object, Row>()

  return {
    ofMessage(message, readByOthers) {
      const isMine = message.sender.id === me()?.id
      const state = isMine && readByOthers !== undefined && message.seq <= readByOthers ? 'read' : 'sent'
      const before = rows.get(message)
      if (before?.state === state) return before
      const { chatId: _chat, clientMessageId: _key, ...shown } = wished(message, wishesOf(message.chatId)?.get(message.id), me()?.id ?? '')
      const row: Row = { ...shown, key: keyOf(message), state, isMine, problem: undefined }
      rows.set(message, row)
      return row
    },
    ofSending(sending) {
      const state = sending.state.get()
      if (state.status === 'sent' || state.status === 'cancelled') return undefined
      const before = rows.get(state)
      if (before) return before
      const { key, text, replyTo, content, at } = sending.entry
      const { id = '', username, name } = me() ?? {}
      const row: Row = {
        key,
        state: state.status,
        isMine: true,
        id: undefined,
        seq: undefined,
        sender: { id, username, name },
        text,
        ...BARE,
        format: content?.format ?? BARE.format,
        mentions: content?.mentions ?? BARE.mentions,
        attachments: shownAttachments(sending.entry),
        kind: content?.kind,
        data: content?.data,
        replyTo,
        version: 1,
        at,
        editedAt: undefined,
        deletedAt: undefined,
        problem: state.status === 'failed' ? state.problem : undefined,
      }
      // A state is made anew with every change, so that it stands for the row.
      rows.set(state, row)
      return row
    },
  }
}
