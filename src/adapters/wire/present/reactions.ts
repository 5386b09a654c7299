import type { PinnedMessages, ReactorView } from '../../../application/ports/views.ts'
import type { UserId } from '../../../domain/ids.ts'
import type { Reacted as DomainReacted } from '../../../domain/reacting.ts'
import type { PinList, Reacted, Reactor } from '../schemas/reactions.ts'
import { presentMessage, presentSums } from './messages.ts'
import { presentUser } from './people.ts'
import { presentTime } from './time.ts'

export const presentReacted = ({ sums, changedSeq, own }: DomainReacted): Reacted => ({
  reactions: presentSums(sums),
  reactions_seq: changedSeq,
  my_reactions: [...(own ?? [])],
})

export const presentReactor = ({ person, emoji, at }: ReactorView): Reactor => ({
  user: presentUser(person),
  emoji,
  reacted_at: presentTime(at),
})

export const presentPins = ({ pins, headSeq }: PinnedMessages, viewer: UserId): PinList => ({
  items: pins.map(({ view, at, by }) => ({
    message: presentMessage(view, viewer),
    pinned_at: presentTime(at),
    pinned_by: presentUser(by),
  })),
  head: headSeq,
})
