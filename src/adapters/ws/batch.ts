/**
 * Frames that leave in one write, as a path: sockets that are handed the same frames one after another walk the same path, and the
 * bytes of its end are joined once for all of them.
 */
export interface Batch {
  readonly frame: Buffer
  readonly before: Batch | undefined
  readonly size: number
  /** Where the one that came here last went on. */
  next: Batch | undefined
  bytes: Buffer | undefined
}

const NOTHING = Buffer.alloc(0)

/** Where all paths of one turn begin. */
export const beginning = (): Batch => ({ frame: NOTHING, before: undefined, size: 0, next: undefined, bytes: NOTHING })

/** One frame more. A frame for one socket alone leaves no trace that others would have to go around. */
export function extended(at: Batch, frame: Buffer, isShared: boolean): Batch {
  const known = at.next
  if (known !== undefined && known.frame === frame) return known
  const next: Batch = { frame, before: at, size: at.size + frame.length, next: undefined, bytes: undefined }
  if (isShared) at.next = next
  return next
}

export function bytesOf(batch: Batch): Buffer {
  batch.bytes ??= batch.before!.size === 0 ? batch.frame : joined(batch)
  return batch.bytes
}

function joined(batch: Batch): Buffer {
  const bytes = Buffer.allocUnsafe(batch.size)
  for (let at: Batch = batch; at.before !== undefined; at = at.before) bytes.set(at.frame, at.before.size)
  return bytes
}
