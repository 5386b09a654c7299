import { indexedDbUploads } from '../../src/client/files.ts'

/** Forgets uploads that no message waits for. */
export async function forgetUploads(userId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  try {
    const store = await indexedDbUploads(location.origin)(userId)
    await Promise.all(keys.map(store.remove))
  } catch {
    // Nothing is stored here.
  }
}
