import { readProblem } from '../../src/client/calls/http.ts'
import { problemError } from '../../src/client/calls/problem.ts'
import type { ChatClient } from '../../src/client/index.ts'

/**
 * Fetches all that the service keeps of a user: one's own, or for staff that of `userId`. The bytes go from the network to the browser's store of blobs, which holds them once, on
 * disk if they are many; they are counted on their way.
 */
export async function fetchExport(
  { inside }: ChatClient,
  { onBytes, signal, userId }: { readonly onBytes: (bytes: number) => void; readonly signal: AbortSignal; readonly userId?: string },
): Promise<Blob> {
  const path = userId === undefined ? 'users/me' : `admin/users/${userId}`
  const headers = { authorization: `Bearer ${await inside.getToken()}` }
  const response = await fetch(`/api/v1/${path}/export`, { headers, signal })
  if (!response.ok || !response.body) throw problemError(readProblem(await response.text(), response.status))
  let bytes = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.byteLength
      onBytes(bytes)
      controller.enqueue(piece)
    },
  })
  return new Response(response.body.pipeThrough(counted)).blob()
}

/** Hands a file to the user. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
