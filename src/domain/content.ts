import { canonical, isObject, isShallow } from './json.ts'
import { type AttachedFile, type Content, type Data, type Format, type Mention, PLAIN, type Showing } from './message.ts'
import { invalid } from './refusal.ts'
import { checkedText, isBlank, length, requireSound } from './words.ts'

export const MENTIONS_LIMIT = 50
export const ATTACHMENTS_LIMIT = 10
export const DATA_LIMIT = 4_096
export const DATA_DEPTH = 8
export const ALT_LIMIT = 1_000
export const WAVEFORM_LIMIT = 128

/** What a message is sent with. */
export interface NewContent {
  readonly text?: string | undefined
  readonly format?: Format | undefined
  readonly mentions?: readonly Mention[] | undefined
  readonly attachments?: readonly (Pick<AttachedFile, 'fileId'> & Partial<Showing>)[] | undefined
  readonly kind?: string | undefined
  readonly data?: Data | undefined
}

/** The same, checked and complete. */
export interface CheckedContent {
  readonly text: string
  readonly format: Format
  readonly mentions: readonly Mention[]
  readonly attachments: readonly AttachedFile[]
  readonly kind: string | undefined
  readonly data: Data | undefined
}

/** Returns the content of a new message. Refuses what is out of bounds, and a message with neither text nor attachment. */
export function checkedContent({ text = '', format = PLAIN.format, mentions, attachments, kind, data }: NewContent): CheckedContent {
  const files = checkedAttachments(attachments ?? [])
  const kept = keptText(text, files.length > 0)
  return {
    text: kept,
    format,
    mentions: checkedMentions(mentions ?? [], kept),
    attachments: files,
    kind: kind === undefined ? undefined : checkedKind(kind),
    data: data === undefined ? undefined : checkedData(data),
  }
}

/** Returns the trimmed text. Only beside an attachment may it be empty. */
export const keptText = (text: string, hasAttachment: boolean): string => (hasAttachment && isBlank(text) ? '' : checkedText(text))

/** Returns mentions whose ranges lie in the text, one behind the other. */
export function checkedMentions(mentions: readonly Mention[], text: string): readonly Mention[] {
  if (mentions.length === 0) return PLAIN.mentions
  if (mentions.length > MENTIONS_LIMIT) throw invalid('/mentions', `has at most ${MENTIONS_LIMIT}`)
  const end = length(text)
  let free = 0
  for (const [i, mention] of mentions.entries()) {
    const { start, length: points } = mention
    const isSound = Number.isSafeInteger(start) && Number.isSafeInteger(points) && points >= 1
    if (!isSound || start < free || start + points > end)
      throw invalid(`/mentions/${i}`, 'is a range of the text, in code points, behind the one before it')
    free = start + points
  }
  return mentions.map((mention) => ({
    ...(mention.kind === 'all' ? { kind: 'all' } : { kind: 'user', userId: mention.userId }),
    start: mention.start,
    length: mention.length,
  }))
}

/** Mentions whose places another text still has; else none. */
export function fittingMentions(mentions: readonly Mention[], text: string): readonly Mention[] {
  try {
    return checkedMentions(mentions, text)
  } catch {
    return PLAIN.mentions
  }
}

export function checkedAttachments(attachments: NonNullable<NewContent['attachments']>): readonly AttachedFile[] {
  if (attachments.length === 0) return NO_FILES
  if (attachments.length > ATTACHMENTS_LIMIT) throw invalid('/attachments', `has at most ${ATTACHMENTS_LIMIT}`)
  const seen = new Set<string>()
  return attachments.map(({ fileId, alt, durationMs, waveform }, i) => {
    const wrong = (member: string, detail: string) => invalid(`/attachments/${i}/${member}`, detail)
    if (seen.has(fileId)) throw wrong('file_id', 'is attached already')
    seen.add(fileId)
    if (alt !== undefined) requireSound(alt, `/attachments/${i}/alt`, { to: ALT_LIMIT })
    if (durationMs !== undefined && !(Number.isSafeInteger(durationMs) && durationMs >= 0)) throw wrong('duration_ms', 'is a whole number')
    if (waveform && (waveform.length > WAVEFORM_LIMIT || !waveform.every((n) => n >= 0 && n <= 100)))
      throw wrong('waveform', `has at most ${WAVEFORM_LIMIT} numbers from 0 to 100`)
    return { fileId, alt, durationMs, waveform }
  })
}

const NO_FILES: readonly AttachedFile[] = []

const KIND = /^[a-z0-9._-]{1,64}$/

function checkedKind(kind: string): string {
  if (!KIND.test(kind)) throw invalid('/kind', 'has 1 to 64 of a–z, 0–9, dot, underscore and hyphen')
  return kind
}

/** Returns a copy with sorted names. */
export function checkedData(data: Data): Data {
  if (!isObject(data) || !isShallow(data, DATA_DEPTH)) throw invalid('/data', `is a JSON object, at most ${DATA_DEPTH} containers deep`)
  const text = canonical(data)
  if (bytesOf(text) > DATA_LIMIT) throw invalid('/data', `has at most ${DATA_LIMIT} bytes as JSON`)
  return JSON.parse(text) as Data
}

/** In UTF-8. */
function bytesOf(text: string): number {
  if (text.length > DATA_LIMIT) return text.length
  let bytes = 0
  for (const char of text) {
    const point = char.codePointAt(0)!
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}

/** Returns what the digest of a message covers beside key, `replyTo` and text; empty if all of it is as when it is left out. */
export function suffixOf({ format, mentions, attachments, kind, data }: CheckedContent): string {
  if (format === PLAIN.format && mentions.length + attachments.length === 0 && kind === undefined && data === undefined) return ''
  const files = attachments.map(({ fileId, alt, durationMs, waveform }) => [fileId, alt, durationMs, waveform])
  return `\0${canonical([format, mentions, files, kind, data])}`
}

/** Whether two contents are the same, in whatever order their data was written. */
export const isSameContent = (one: Content, other: Content): boolean => one === other || canonical(one) === canonical(other)

/** Returns what a search looks at: the text, and the names of files, each on a line of its own. */
export const searchedText = (text: string, { attachments }: Content): string =>
  attachments.length === 0 ? text : [text, ...attachments.map(({ file }) => file.name)].join('\n')
