/** Pictures as they were before they were made smaller, by the key of their upload: for as long as the page is open. */
const originals = new Map<string, File>()
const KEPT = 20

export function keepOriginal(key: string, file: File): void {
  originals.set(key, file)
  for (const oldest of originals.keys()) {
    if (originals.size <= KEPT) return
    originals.delete(oldest)
  }
}

export const originalOf = (key: string): File | undefined => originals.get(key)
export const forgetOriginal = (key: string): void => void originals.delete(key)
