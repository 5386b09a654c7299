import { z } from 'zod'
import type { HookPosition } from '../../application/hooks/api.ts'
import type { BanPosition } from '../../application/ports/bans.ts'
import type { BlockPosition } from '../../application/ports/consents.ts'
import type { DeadPosition } from '../../application/ports/consumers.ts'
import type { SharedFilePosition } from '../../application/ports/files.ts'
import type { InletPosition } from '../../application/ports/inlets.ts'
import type { InvitationPosition } from '../../application/ports/invitations.ts'
import type { KeyPosition } from '../../application/ports/keys.ts'
import type { ReportPosition } from '../../application/ports/reports.ts'
import type { RequestPosition } from '../../application/ports/requests.ts'
import type {
  ChatPosition,
  MemberPosition,
  MentionPosition,
  MessageWindow,
  PersonPosition,
  ReactorPosition,
} from '../../application/ports/views.ts'
import type { Instant, MessageId, Seq, SessionId } from '../../domain/ids.ts'
import { invalid } from '../../domain/refusal.ts'

/** The position at which a page begins, by list. */
export interface Positions {
  listSessions: { readonly id: SessionId }
  findUsers: PersonPosition
  findAccounts: PersonPosition
  listBlocks: BlockPosition
  listReports: ReportPosition
  listDeeds: { readonly at: Instant; readonly id: string }
  listChats: ChatPosition
  listMembers: MemberPosition
  listReaders: MemberPosition
  listReactions: ReactorPosition
  listMessages: Extract<MessageWindow, { kind: 'before' | 'after' }>
  searchMessages: { readonly at: Instant; readonly id: MessageId }
  listMentions: MentionPosition
  listEvents: { readonly after: Seq }
  listFiles: SharedFilePosition
  listHooks: HookPosition
  listKeys: KeyPosition
  listInlets: InletPosition
  listDeadRanges: DeadPosition
  listBans: BanPosition
  listInvitations: InvitationPosition
  listRequests: RequestPosition
}
export type ListId = keyof Positions

/** The parameters that select the items of a list, those in the path included; not `limit` and `count`. */
export type Filters = Readonly<Record<string, string | number | boolean | undefined>>

const int = z.int()
const uuid = z.guid()
const byTime = z.strictObject({ at: int, id: uuid })
const byJoining = z.strictObject({ joinedSeq: int.min(0), userId: uuid })

const shapes: Record<ListId, z.ZodType> = {
  listSessions: z.strictObject({ id: uuid }),
  findUsers: z.strictObject({ name: z.string(), id: uuid }),
  findAccounts: z.strictObject({ name: z.string(), id: uuid }),
  listBlocks: byTime,
  listReports: byTime,
  listDeeds: byTime,
  listChats: byTime.extend({ pinned: z.literal(true).optional() }),
  listMembers: byJoining,
  listReaders: byJoining,
  listReactions: z.strictObject({ at: int, emoji: z.string(), userId: uuid }),
  listMessages: z.strictObject({ kind: z.enum(['before', 'after']), seq: int.min(0) }),
  searchMessages: byTime,
  listMentions: z.strictObject({ at: int, chatId: uuid, seq: int.min(0) }),
  listEvents: z.strictObject({ after: int.min(0) }),
  listFiles: z.strictObject({ seq: int.min(0), place: int.min(0) }),
  listHooks: z.strictObject({ id: uuid }),
  listKeys: z.strictObject({ id: uuid }),
  listInlets: byTime,
  listDeadRanges: z.strictObject({ chatId: uuid, from: int.min(0) }),
  listBans: z.strictObject({ at: int, userId: uuid }),
  listInvitations: byTime,
  listRequests: z.strictObject({ at: int, userId: uuid }),
}

/** Returns an opaque cursor: valid permanently, on every process, for the same list with the same filters. */
export const encodeCursor = <L extends ListId>(list: L, filters: Filters, position: Positions[L]): string =>
  toBase64Url(JSON.stringify([fingerprint(list, filters), position]))

/** Returns the position of a cursor. Throws `invalid` for a cursor that is malformed or belongs to another list or other filters. */
export function decodeCursor<L extends ListId>(list: L, filters: Filters, cursor: string): Positions[L] {
  const content = contentOf(cursor)
  if (content?.[0] !== fingerprint(list, filters)) throw foreign()
  const position = shapes[list].safeParse(content[1])
  if (!position.success) throw foreign()
  return position.data as Positions[L]
}

const foreign = () => invalid('/cursor', 'is a cursor of an earlier page of this list with the same filters')

function contentOf(cursor: string): readonly unknown[] | undefined {
  try {
    const content: unknown = JSON.parse(fromBase64Url(cursor))
    return Array.isArray(content) && content.length === 2 ? content : undefined
  } catch {
    return undefined
  }
}

/** FNV-1a of a list and its filters: detects mistakes, not attacks. */
function fingerprint(list: ListId, filters: Filters): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined)
  const text = JSON.stringify([list, given.sort(([one], [other]) => (one < other ? -1 : 1))])
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36)
}

const toBase64Url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const fromBase64Url = (text: string): string => {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new SyntaxError('no base64url')
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
