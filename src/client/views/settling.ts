import type { Reacted } from '../../adapters/wire/schemas/reactions.ts'
import type { Call } from '../calls/call.ts'
import type { Copy } from '../copy/copies.ts'
import { type Wish, wished } from '../copy/wishes.ts'
import type { Request } from '../socket/requests.ts'

interface Needs {
  readonly copy: Copy
  readonly call: Call
  readonly request: Request
  me(): string
  isUp(): boolean
}

export interface Chosen {
  readonly messageId: string
  readonly emoji: string
  readonly wish: Wish
}

/** Carries out what the user has chosen: of several changes while one is under way, the last. */
export function settling({ copy, call, request, me, isUp }: Needs): (chosen: Chosen) => Promise<void> {
  async function ask({ messageId, emoji, wish: { on } }: Chosen): Promise<number | undefined> {
    const target = { chat_id: copy.id, message_id: messageId, emoji }
    if (isUp()) return (await request(on ? 'add_reaction' : 'remove_reaction', target)).seq
    const answer = await call<Reacted | undefined>(on ? 'addReaction' : 'removeReaction', { params: target })
    return answer?.reactions_seq
  }

  return async (chosen) => {
    const { messageId, emoji, wish } = chosen
    let asked: boolean
    do {
      asked = wish.on
      wish.until = await ask(chosen)
    } while (asked !== wish.on)
    if (wish.until !== undefined) return
    // Without its number the event is not waited for.
    const message = copy.timeline.messages.get(messageId)
    if (message) copy.timeline.messages.set(messageId, wished(message, new Map([[emoji, wish]]), me()))
    wish.until = 0
  }
}
