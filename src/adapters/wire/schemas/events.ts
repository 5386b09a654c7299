import { z } from 'zod'
import { Role, Rules } from './chats.ts'
import { noted, page, Seq, Time, Uuid } from './common.ts'
import { extras, Message, reacted } from './messages.ts'
import { User } from './people.ts'

const Placed = z.object({ user: User, role: Role })

/** The schema of one kind of event: the common members and its own. */
const event = <T extends string, S extends z.ZodRawShape>(type: T, members: S) =>
  z.object({ chat_id: Uuid, seq: Seq, at: Time, actor_id: noted(Uuid, 'The user who did it.'), type: z.literal(type), ...members })

const ofMessage = { message_id: Uuid, message_seq: Seq }

const version = noted(z.int().min(1), 'Apply the event only if this is not lower than the version of your copy.')

export const Event = noted(
  z.discriminatedUnion('type', [
    event('chat.created', { kind: z.enum(['private', 'group']), name: z.string().nullable(), members: z.array(Placed) }),
    event('chat.renamed', { name: z.string() }),
    event('chat.data_changed', { data: z.record(z.string(), z.unknown()).nullable() }),
    event('chat.rules_changed', { rules: Rules }),
    event('chat.description_changed', { description: z.string().nullable() }),
    event('chat.avatar_changed', { avatar: Uuid.nullable() }),
    event('member.added', Placed.shape),
    event('member.left', { user_id: Uuid }),
    event('member.removed', { user_id: Uuid }),
    event('member.muted', { user_id: Uuid, until: noted(Time.nullable(), 'Null: the member may write again.') }),
    event('member.banned', { user_id: Uuid, until: noted(Time.nullable(), 'Null: for good.') }),
    event('member.unbanned', { user_id: Uuid }),
    event('member.role_changed', { user_id: Uuid, role: Role }),
    event('message.sent', { message: Message }),
    event('message.edited', {
      message_id: Uuid,
      message_seq: Seq,
      text: noted(z.string().nullable(), 'Null when deleted since.'),
      ...extras,
      version,
      edited_at: Time,
    }),
    event('message.deleted', { message_id: Uuid, message_seq: Seq, deleted_at: Time }),
    event('message.reacted', {
      ...ofMessage,
      changes: noted(z.array(z.object({ emoji: z.string(), on: z.boolean(), user_ids: z.array(Uuid) })), 'Of at most 100 users.'),
      ...reacted,
    }),
    event('message.pinned', ofMessage),
    event('message.unpinned', ofMessage),
    event('author.erased', { user_id: Uuid }),
  ]),
  'Every kind of event. More kinds will come: ignore one that you do not know, and count its `seq`. It has at least the members `chat_id`, `seq`, `at`, `actor_id` and `type`.',
)
export type Event = z.infer<typeof Event>

export const EventPage = page(Event).extend({ head: noted(z.int(), 'The last `seq` of the log.') })
export type EventPage = z.infer<typeof EventPage>
