import type { Instant } from '../../../domain/ids.ts'

let lastTime = { at: 0, text: new Date(0).toISOString() }

/** Returns RFC 3339 text. Keeps the last one, since times that follow each other are often equal. */
export function presentTime(at: Instant): string {
  if (at !== lastTime.at) lastTime = { at, text: new Date(at).toISOString() }
  return lastTime.text
}

export const timeOrNull = (at: Instant | undefined): string | null => (at === undefined ? null : presentTime(at))
