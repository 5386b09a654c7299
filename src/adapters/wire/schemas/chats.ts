import { z } from 'zod'
import { KEEP_LIMIT, SLOW_LIMIT } from '../../../domain/rules.ts'
import { DESCRIPTION_LIMIT } from '../../../domain/words.ts'
import { limits } from '../limits.ts'
import { asFileId, asUserId, between, flag, jsonObject, listed, noted, page, plain, Seq, search, Time, Uuid, userInPath } from './common.ts'
import { Message } from './messages.ts'
import { User } from './people.ts'

const ids = limits.ids_per_call
const groupName = noted(plain(), '1 to 128 characters after trimming; need not be unique.', 'Friends')

export const Role = z.enum(['owner', 'admin', 'member'])

const data = noted(jsonObject(), 'A JSON object of your application: at most 4,096 bytes, 8 containers deep.', { topic: 'tea' })

export const NewChat = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('private'), user_id: asUserId, data: data.optional() }),
  z.strictObject({
    kind: z.literal('group'),
    name: groupName,
    member_ids: noted(z.array(asUserId).max(ids).optional(), 'The other members; repeated ids and your own are tolerated.'),
    data: data.optional(),
    client_chat_id: noted(
      between(1, limits.key_length).optional(),
      'Your idempotency key for this chat: the same key again gets the same chat.',
    ),
  }),
])
export const MyChatChange = z.strictObject({
  pinned: noted(z.boolean().optional(), 'At most 50 chats.'),
  archived: z.boolean().optional(),
  marked_unread: z.boolean().optional(),
})
const slow = z.int().min(0).max(SLOW_LIMIT)
const keep = z.int().min(0).max(KEEP_LIMIT)
const rules = {
  post: Role,
  add: Role,
  invite: Role,
  slow_s: noted(slow, 'Seconds from one message of a member to the next.'),
  keep_s: noted(keep, 'Seconds after which the texts of messages are deleted; 0: they stay.'),
}
export const Rules = z.object(rules)
const RulesChange = z.strictObject({
  post: noted(Role.optional(), 'Who sends messages: the lowest role that may.'),
  add: noted(Role.optional(), 'Who adds members.'),
  invite: noted(Role.optional(), 'Who makes invitations.'),
  slow_s: noted(slow.optional(), 'Seconds from one message of a member to the next; 0: none. Owner and admins are free.'),
  keep_s: noted(
    keep.optional(),
    'Seconds after which the texts of messages are deleted, within an hour; 0: they stay. Only the owner changes it.',
  ),
})
const description = noted(
  plain()
    .max(2 * DESCRIPTION_LIMIT)
    .nullable(),
  'At most 1,024 characters after trimming; null: none.',
)
export const ChatChange = z
  .strictObject({
    name: groupName.optional(),
    description: description.optional(),
    avatar: noted(asFileId.nullable().optional(), 'A picture that you uploaded; null: none.'),
    rules: RulesChange.optional(),
    data: data.optional(),
  })
  .check(({ value, issues }) => {
    if (Object.values(value).every((member) => member === undefined))
      issues.push({ code: 'custom', message: 'is required, or description, avatar, rules or data', path: ['name'], input: value })
  })
export const Additions = z.strictObject({ user_ids: z.array(asUserId).min(1).max(ids) })

export const RoleChange = z.strictObject({ role: Role })

const Kind = z.enum(['private', 'group'])
export const ChatsQuery = z.strictObject({
  query: search.optional(),
  kind: Kind.optional(),
  archived: noted(flag.optional(), '`true` lists archived chats only; else they are left out.'),
  ...listed,
})

/** `user_id`, once or several times. */
export const RemovalQuery = z.strictObject({
  user_id: noted(
    z
      .union([z.string(), z.array(z.string())])
      .transform((given) => [given].flat())
      .pipe(z.array(userInPath).min(1).max(ids)),
    'A user to remove; may be repeated.',
  ),
})

const mutedUntil = noted(Time.nullable(), 'Until then this member neither sends nor edits messages; null: not muted.')

export const LeavingQuery = z.strictObject({
  stay_out: noted(flag.optional(), 'When you leave a group: other users cannot add you again. An invitation lets you come back.'),
})

export const Member = z.object({
  user: User,
  role: Role,
  joined_at: Time,
  read_seq: noted(Seq, 'This member’s read position.'),
  muted_until: mutedUntil,
})
export type Member = z.infer<typeof Member>
export const MemberPage = page(Member)
export const Added = z.object({
  added: z.array(Member),
  skipped: noted(z.array(Uuid), 'Users who do not let you add them.'),
})
export type Added = z.infer<typeof Added>
export const Removed = z.object({ removed: z.array(Uuid) })

/** A chat as its member keeps it. */
export const MyChat = z.object({
  role: Role,
  joined_at: Time,
  read_seq: z.int(),
  pinned_at: noted(Time.nullable(), 'Null unless you have pinned the chat.'),
  archived: noted(z.boolean(), 'Not on your list until the next message.'),
  hidden: noted(z.boolean(), 'A private chat that you have left: on none of your lists until the next message.'),
  marked_unread: noted(z.boolean(), 'Until you read.'),
  muted_until: mutedUntil,
})
export type MyChat = z.infer<typeof MyChat>

export const Chat = z.object({
  id: Uuid,
  kind: Kind,
  name: noted(z.string().nullable(), 'Null in a private chat.', 'Friends'),
  created_at: Time,
  head_seq: noted(z.int().min(1), 'The last `seq` of its log.'),
  read_by_others_seq: noted(z.int().nullable(), 'The lowest read position of the other members; null if there are none.'),
  member_count: z.int(),
  partner: noted(User.nullable(), 'The other member of a private chat.'),
  me: noted(MyChat.nullable(), 'Null for a back end that is no member.'),
  unread: noted(z.int().min(0), 'Messages of other members above your `read_seq`, without deleted ones.'),
  unread_mentions: noted(z.int().min(0), 'Of these, messages that mention you or all members.'),
  data: noted(z.record(z.string(), z.unknown()).nullable(), 'A JSON object of the application.'),
  description: noted(z.string().nullable(), 'Of a group.'),
  avatar: noted(Uuid.nullable(), 'The file that is the picture of a group; its members may read it.'),
  rules: noted(Rules.nullable(), 'Who may what in a group; null in a private chat.'),
  last_message: Message.nullable(),
})
export type Chat = z.infer<typeof Chat>
export const ChatPage = page(Chat)
