import { ALL_PINS } from '../../domain/pin.ts'
import { pin, unpin } from '../../domain/pinning.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

const changing =
  (decide: typeof pin) =>
  ({ log, clock }: Pick<Ports, 'log' | 'clock'>): ChatApi['pinMessage'] =>
  ({ userId }, { chatId: chat, messageId }) => {
    const command = { userId, messageId, at: clock() }
    return log.change({ chat, members: [userId], messages: [messageId], pins: [ALL_PINS] }, (state) => decide(state, command))
  }

export const pinMessage = changing(pin)
export const unpinMessage = changing(unpin)
