import { z } from 'zod'
import { chatInPath, flag, listed, messageInPath, noted, page, Time } from './common.ts'
import { Message, reacted } from './messages.ts'
import { User } from './people.ts'

/** Any text: what is not one emoji is refused with a code of its own. */
export const emoji = noted(z.string(), 'One emoji. Two that differ only by U+FE0F are the same.', '👍')

export const inReaction = { chat_id: chatInPath, message_id: messageInPath, emoji }
export const ReactionsQuery = z.strictObject({ emoji: emoji.optional(), ...listed })
export const RemovalQuery = z.strictObject({
  everyone: noted(flag.default(false), 'Removes the reactions of all users with this emoji; for the owner and admins.'),
})

export const Reacted = z.object({ ...reacted, my_reactions: z.array(z.string()) })
export type Reacted = z.infer<typeof Reacted>

export const Reactor = z.object({ user: User, emoji: z.string(), reacted_at: Time })
export type Reactor = z.infer<typeof Reactor>
export const ReactorPage = page(Reactor)

export const Pin = z.object({ message: Message, pinned_at: Time, pinned_by: User })
export type Pin = z.infer<typeof Pin>
export const PinList = z.object({ items: z.array(Pin), head: noted(z.int(), 'The last `seq` of the log: apply events above it.') })
export type PinList = z.infer<typeof PinList>
