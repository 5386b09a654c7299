import type { Ban } from '../../../domain/ban.ts'
import type { Chat } from '../../../domain/chat.ts'
import type { OwnedFile } from '../../../domain/file.ts'
import type { Person } from '../../../domain/identity.ts'
import type { ChatId, FileId, Instant, UserId } from '../../../domain/ids.ts'
import type { Invitation, JoinRequest } from '../../../domain/invitation.ts'
import type { Member, Role } from '../../../domain/member.ts'
import { RULES } from '../../../domain/rules.ts'
import { type Cells, listed, type RowOf, without } from '../database/columns.ts'
import type { Row } from '../database/connect.ts'
import { dataOf, folded, rulesOf } from '../database/rows.ts'

const given = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T))

/** Columns of a user `u`: what the log says about people. */
export const NAMED = 'u.username, u.name, u.kind as user_kind, u.avatar_url'
export const namedOf = (row: Row, id: UserId): Person => ({
  id,
  username: given(row.username),
  name: given(row.name),
  kind: (row.user_kind as Person['kind'] | null) ?? 'person',
  avatarUrl: given(row.avatar_url),
  lastSeenAt: undefined,
})

/** Of a member and a user. */
export const memberOf = (row: Row, userId: UserId): Member => ({
  person: namedOf(row, userId),
  role: row.role as Role,
  joinedSeq: row.joined_seq as number,
  joinedAt: row.joined_at as number,
  mutedUntil: given(row.muted_until),
})

export const ownedFileOf = (row: Row, id: FileId): OwnedFile => ({
  ownerId: row.owner_id as UserId,
  file: {
    id,
    name: row.name as string,
    size: row.size as number,
    type: row.type as string,
    kind: row.kind as OwnedFile['file']['kind'],
    width: given(row.width),
    height: given(row.height),
    thumbhash: given(row.thumbhash),
    createdAt: row.created_at as number,
  },
})

/** A new member has read everything, the event of joining included: `n` messages were sent before. */
export const memberCells = (chatId: ChatId, { person, role, joinedSeq, joinedAt, mutedUntil }: Member, n: number): RowOf<'members'> => ({
  chat_id: chatId,
  user_id: person.id,
  role,
  joined_seq: joinedSeq,
  joined_at: joinedAt,
  read_seq: joinedSeq,
  read_n: n,
  read_at: joinedAt,
  hidden_n: null,
  archived_n: null,
  pinned_at: null,
  is_marked_unread: null,
  own_at: null,
  own_from_n: null,
  own_to_n: null,
  own_between: null,
  muted_until: mutedUntil ?? null,
  shown_at: null,
})

const CHAT_COLUMNS = without('chats', ['folded_name', 'last_message_at', 'is_settled', 'passed_seq'])
/** Columns of a chat. */
export const chatColumns = (alias?: string): string => listed(CHAT_COLUMNS, alias)
export const chatOf = (row: Row): Chat => ({
  id: row.id as ChatId,
  kind: row.kind as Chat['kind'],
  name: given(row.name),
  key: given(row.key),
  createdAt: row.created_at as number,
  headSeq: row.head_seq as number,
  headN: row.head_n as number,
  headAt: row.head_at as number,
  memberSeq: row.member_seq as number,
  memberCount: row.member_n as number,
  data: dataOf(row.data),
  description: given(row.description),
  avatar: given(row.avatar),
  rules: rulesOf(row.rules),
  guard: row.guard as number,
})

/** A new chat; its place in lists is that of its creation until there is a message. */
export const chatCells = (chat: Chat): RowOf<'chats'> => ({
  id: chat.id,
  kind: chat.kind,
  key: chat.key ?? null,
  created_at: chat.createdAt,
  last_message_at: chat.createdAt,
  is_settled: null,
  passed_seq: null,
  ...nameCells(chat),
  ...dataCells(chat),
  ...descriptionCells(chat),
  ...avatarCells(chat),
  ...rulesCells(chat),
  ...memberCountCells(chat),
  ...headCells(chat),
})
export const nameCells = ({ name }: Chat) => ({ name: name ?? null, folded_name: folded(name) }) satisfies Cells
export const dataCells = ({ data }: Chat) => ({ data: data ? JSON.stringify(data) : null }) satisfies Cells
export const avatarCells = ({ avatar }: Chat) => ({ avatar: avatar ?? null }) satisfies Cells
export const descriptionCells = ({ description }: Chat) => ({ description: description ?? null }) satisfies Cells
export const rulesCells = ({ rules }: Chat) => ({ rules: rules === RULES ? null : JSON.stringify(rules) }) satisfies Cells
export const memberCountCells = ({ memberSeq, memberCount }: Chat) => ({ member_seq: memberSeq, member_n: memberCount }) satisfies Cells
export const headCells = ({ headSeq, headN, headAt, guard }: Chat) =>
  ({ head_seq: headSeq, head_n: headN, head_at: headAt, guard }) satisfies Cells

/** A chat that was there before the batch: where its head goes, and when its last message was sent if the batch has one. */
export const movedHead = (was: Chat, { headSeq, headN, headAt, guard }: Chat, lastMessageAt: Instant | null): Cells => ({
  chat_id: was.id,
  was: was.headSeq,
  head_seq: headSeq,
  head_n: headN,
  head_at: headAt,
  last_message_at: lastMessageAt,
  guard,
})

/** Of a ban. */
export const banOf = (row: Row): Ban => ({
  byId: row.by_id as UserId,
  at: row.at as number,
  until: given(row.until),
  reason: given(row.reason),
})

/** Of an invitation. */
export const invitationOf = (row: Row): Invitation => ({
  id: row.id as string,
  chatId: row.chat_id as ChatId,
  hash: row.code_hash as string,
  createdBy: row.created_by as UserId,
  createdAt: row.created_at as number,
  expiresAt: row.expires_at as number,
  uses: given(row.uses),
  used: row.used as number,
  ...(row.approval === 1 && { needsApproval: true }),
})

/** Of a request to join. */
export const requestOf = (row: Row): JoinRequest => ({ at: row.at as number, invitationId: row.invitation_id as string })
