import { type ChatState, type Decision, happened, look } from './decision.ts'
import type { Happening } from './event.ts'
import { requireUnblocked } from './guard.ts'
import type { FileId, Instant, UserId } from './ids.ts'
import { canonical } from './json.ts'
import { STAFF } from './member.ts'
import { asMember, asMemberOfGroup, requireRole } from './membership.ts'
import type { Data } from './message.ts'
import { invalid, Refusal } from './refusal.ts'
import type { RulesChange } from './rules.ts'
import { changedRules, isSameRules } from './ruling.ts'

export interface ChatChange {
  readonly editorId: UserId
  readonly name?: string | undefined
  /** Null: none. */
  readonly description?: string | null | undefined
  /** A picture of the editor's; null: none. */
  readonly avatar?: FileId | null | undefined
  readonly rules?: RulesChange | undefined
  readonly data?: Data | undefined
  readonly at: Instant
}

/**
 * Changes the name, the description, the picture and the rules of a group, or the data of a chat: staff in a group, both members in a private chat. The
 * same values change nothing.
 */
export function alter(state: ChatState, { editorId, name, description, avatar, rules, data, at }: ChatChange): Decision<undefined> {
  const isOfGroup = name !== undefined || description !== undefined || avatar !== undefined || rules !== undefined
  const { chat, me } = isOfGroup ? asMemberOfGroup(state, editorId) : asMember(state, editorId)
  if (chat.kind === 'group') requireRole(me, STAFF)
  requireUnblocked(chat)
  const actorId = editorId
  const changes: Happening[] = []
  if (name !== undefined && name !== chat.name) changes.push({ type: 'chat.renamed', actorId, name })
  if (description !== undefined && description !== (chat.description ?? null))
    changes.push({ type: 'chat.description_changed', actorId, description: description ?? undefined })
  if (avatar !== undefined && avatar !== (chat.avatar ?? null))
    changes.push({ type: 'chat.avatar_changed', actorId, avatar: avatar === null ? undefined : picture(state, editorId, avatar) })
  if (rules) {
    const changed = changedRules(chat.rules, rules, me)
    if (!isSameRules(changed, chat.rules)) changes.push({ type: 'chat.rules_changed', actorId, rules: changed })
  }
  if (data && canonical(data) !== canonical(chat.data ?? null)) changes.push({ type: 'chat.data_changed', actorId, data })
  return happened(chat, at, changes, undefined)
}

/** An uploaded picture of the editor's. */
function picture({ files }: ChatState, editorId: UserId, fileId: FileId): FileId {
  const owned = look(files, fileId)
  if (owned?.ownerId !== editorId) throw new Refusal('file-not-found', { fileIds: [fileId] })
  if (owned.file.kind !== 'image') throw invalid('/avatar', 'is a picture')
  return fileId
}
