/**
 * Frames that leave in one write, as a path: sockets that get the same frames in the same order share a path, whose bytes are joined once
 * for all of them.
 */
export interface Batch {
  readonly frame: Buffer
  readonly before: Batch | undefined
  readonly size: number
  /** The next shared frame of the last socket that came here. */
  next: Batch | undefined
  bytes: Buffer | undefined
}

const NOTHING = Buffer.alloc(0)

/** The start of all paths of one turn of the event loop. */
export const beginning = (): Batch => ({ frame: NOTHING, before: undefined, size: 0, next: undefined, bytes: NOTHING })

/** Returns the path with one more frame. A frame for one socket alone does not change the path of others. */
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
