import { isRefusal, type RefusalCode } from '../../domain/refusal.ts'

/** What people have changed since stays changed: somebody left a chat, a chat is gone, an earlier version wrote other words, files are off. */
const CHANGED: readonly RefusalCode[] = [
  'chat-not-found',
  'message-not-found',
  'message-deleted',
  'file-not-found',
  'not-found',
  'not-allowed',
  'key-reused',
  'reactions-full',
  'pins-full',
  'quota-full',
]

export async function harmless<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (!isRefusal(error, ...CHANGED)) throw error
    return undefined
  }
}
