import { auth } from './auth.ts'

/** A request that outlives the page. */
export function deleteAtLast(path: string): void {
  const session = auth.get().session.get()
  if (!session) return
  const asked = fetch(`/api/v1${path}`, { method: 'DELETE', keepalive: true, headers: { authorization: `Bearer ${session.accessToken}` } })
  asked.catch(() => undefined)
}
