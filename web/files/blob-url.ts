/** Addresses that are kept, at most: each holds its bytes. */
const KEPT = 60

const urls = new Map<Blob, string>()

/** An address at which this page shows bytes. The same bytes keep theirs for a while. */
export function urlOf(blob: Blob): string {
  const known = urls.get(blob)
  const url = known ?? URL.createObjectURL(blob)
  urls.delete(blob)
  urls.set(blob, url)
  for (const [oldest, used] of urls) {
    if (urls.size <= KEPT) break
    urls.delete(oldest)
    URL.revokeObjectURL(used)
  }
  return url
}
