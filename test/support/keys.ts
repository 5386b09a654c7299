import { type SessionId, SYSTEM_ID } from '../../src/domain/ids.ts'
import { KEY_SCOPES, type KeyScope } from '../../src/domain/scopes.ts'
import type { Opened } from '../../src/main/container.ts'

/** A key that may do everything, made as the operator makes the first one. */
export async function masterKey({ api }: Pick<Opened, 'api'>, scopes: readonly KeyScope[] = KEY_SCOPES): Promise<string> {
  const operator = { userId: SYSTEM_ID, sessionId: SYSTEM_ID as string as SessionId, via: 'key' as const, scopes: ['admin' as const] }
  return (await api.createKey(operator, { name: 'Test', scopes })).text
}
