import { thumbHashToDataURL } from 'thumbhash'

const made = new Map<string, string>()
const KEPT = 300

/** The tiny picture that stands in for one that is not loaded; undefined if there is none. */
export function placeholderOf(thumbhash: string | undefined): string | undefined {
  if (thumbhash === undefined) return undefined
  const known = made.get(thumbhash)
  if (known !== undefined) return known
  if (made.size >= KEPT) made.clear()
  try {
    const url = thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (char) => char.charCodeAt(0)))
    made.set(thumbhash, url)
    return url
  } catch {
    return undefined
  }
}
