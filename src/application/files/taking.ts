import type { StoredFile } from '../../domain/filing.ts'
import type { FileId, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Examined, Received } from '../ports/intake.ts'
import type { Seen } from '../ports/pictures.ts'
import type { Ports } from '../ports/ports.ts'
import { storageOf } from './storage.ts'

/** Bytes that have come whole, and what they were sent with. */
export interface Whole {
  readonly id: FileId
  readonly ownerId: UserId
  readonly name: string
  readonly clientFileId: string | undefined
  readonly received: Received
}

export interface Taken {
  readonly file: StoredFile
  /** Whether the file was there already. */
  readonly replayed: boolean
}

const BROKEN: Examined = { type: 'application/octet-stream', kind: 'file' }

/** Makes a file of bytes: finds the type, takes out what tells of the person, makes previews, has it scanned, stores it. Drops what it made. */
export const taking = (ports: Pick<Ports, 'files' | 'storage' | 'clock'>) => {
  const { files, clock } = ports
  const storage = storageOf(ports)
  const { intake, blobs, pictures, scan, quota } = storage

  async function take(whole: Whole): Promise<Taken> {
    const { ownerId, clientFileId, received } = whole
    const earlier = clientFileId === undefined ? undefined : await files.byKey(ownerId, clientFileId)
    if (earlier) return replay(earlier, received)
    const found = await intake.examine(received)
    const stripped = await intake.strip(received, found.type)
    const kept = stripped ?? received
    try {
      return await keep(whole, kept, stripped ? found : BROKEN)
    } finally {
      if (kept !== received) await intake.drop(kept)
    }
  }

  async function keep(whole: Whole, kept: Received, found: Examined): Promise<Taken> {
    const seen = found.kind === 'image' ? await pictures?.look(kept) : undefined
    if (scan && (await scan(kept)) === 'refused') throw new Refusal('file-refused')
    const { sha256, size } = kept
    const file = fileOf(whole, { kept, looks: looksOf(found, seen, pictures !== undefined), hasPreviews: seen !== undefined, at: clock() })
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (!(await files.claim({ sha256, size }, clock()))) break
      await blobs.keep(kept)
      if (seen) await Promise.all((['thumb', 'preview'] as const).map((variant) => blobs.keepVariant(sha256, variant, seen[variant])))
      const added = await files.add(file, quota)
      if (added === 'quota-full') throw new Refusal('quota-full', { limit: quota })
      if (added === 'no-owner') throw new Refusal('unauthenticated')
      if (added !== 'unclaimed') return added.id === file.id ? { file: added, replayed: false } : replay(added, whole.received)
    }
    throw new Refusal('overloaded')
  }

  return take
}

/** The bytes may be removed between claiming and adding if that takes a day. */
const ATTEMPTS = 3

function replay(earlier: StoredFile, { sha256 }: Received): Taken {
  if (earlier.sentSha256 !== sha256) throw new Refusal('key-reused', {})
  return { file: earlier, replayed: true }
}

type Looks = Pick<StoredFile, 'type' | 'kind' | 'width' | 'height' | 'thumbhash'>

/** A picture that cannot be shown is a file like any other. Without a program that looks, its headers are believed. */
function looksOf({ type, kind, width, height }: Examined, seen: Seen | undefined, isLookedAt: boolean): Looks {
  if (seen) return { type, kind, width: seen.width, height: seen.height, thumbhash: seen.thumbhash }
  const isShown = kind !== 'image' || (!isLookedAt && (width ?? 0) * (height ?? 0) <= MOST_PIXELS)
  return isShown
    ? { type, kind, width, height, thumbhash: undefined }
    : { type, kind: 'file', width: undefined, height: undefined, thumbhash: undefined }
}

const MOST_PIXELS = 50_000_000

interface Facts {
  readonly kept: Received
  readonly looks: Looks
  readonly hasPreviews: boolean
  readonly at: number
}

const fileOf = ({ id, ownerId, name, clientFileId, received }: Whole, { kept, looks, hasPreviews, at }: Facts): StoredFile => ({
  id,
  ownerId,
  name,
  size: kept.size,
  ...looks,
  sha256: kept.sha256,
  sentSha256: received.sha256,
  clientFileId,
  hasPreviews,
  createdAt: at,
})
