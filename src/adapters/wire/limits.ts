import { GROUP_LIMIT } from '../../domain/chat.ts'
import { ATTACHMENTS_LIMIT, DATA_LIMIT, MENTIONS_LIMIT } from '../../domain/content.ts'
import { FILE_LIMIT } from '../../domain/filing.ts'
import { PIN_LIMIT } from '../../domain/pin.ts'
import { REACTION_LIMIT, REACTIONS_EACH } from '../../domain/reaction.ts'
import { KEY_LIMIT, TEXT_LIMIT } from '../../domain/words.ts'

/** Items of a page, at most. */
export const PAGE_MAX = 100
/** Chats that one `resume` names, at most. */
export const RESUME_CURSORS = 1_000

/** The limits for clients, as in `GET /api/v1` and `hello`. Lengths of text count code points. */
export const limits = {
  file_bytes: FILE_LIMIT,
  text_length: TEXT_LIMIT,
  body_bytes: 65_536,
  frame_bytes: 65_536,
  key_length: KEY_LIMIT,
  ref_length: 64,
  resume_cursors: RESUME_CURSORS,
  commands_in_work: 32,
  page_size: PAGE_MAX,
  ids_per_call: 100,
  group_members: GROUP_LIMIT,
  reactions: REACTION_LIMIT,
  reactions_per_person: REACTIONS_EACH,
  pins: PIN_LIMIT,
  authorize_ms: 10_000,
  attachments: ATTACHMENTS_LIMIT,
  mentions: MENTIONS_LIMIT,
  data_bytes: DATA_LIMIT,
} as const

export type Limits = typeof limits

export const PAGE_DEFAULT = 50
/** Code points of a search text. */
export const QUERY_MIN = 2
export const QUERY_MAX = 100
/** Wrong places of one request that are reported, at most. */
export const FAULTS_REPORTED = 20
