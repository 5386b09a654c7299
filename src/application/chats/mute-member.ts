import { mute } from '../../domain/banning.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { distinct } from './distinct.ts'

/** Keeps a member from writing until then; without `until` the member may write again. */
export const muteMember =
  ({ log, clock }: Pick<Ports, 'log' | 'clock'>): ChatApi['muteMember'] =>
  async ({ userId: actorId }, { chatId, userId, until }) => {
    const change = { actorId, userId, until, at: clock() }
    await log.change({ chat: chatId, members: distinct(actorId, userId) }, (state) => mute(state, change))
  }

export const unmuteMember =
  (ports: Pick<Ports, 'log' | 'clock'>): ChatApi['unmuteMember'] =>
  (caller, about) =>
    muteMember(ports)(caller, { ...about, until: undefined })
