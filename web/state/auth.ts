import { type Auth, createAuth, webSessionStore } from '../../src/client/index.ts'
import { endPush } from '../notify/push.ts'
import { forgetNotices } from './chat-notices.ts'
import { forgetCopy } from './copies.ts'
import { forgetDrafts } from './drafts.ts'
import { holder } from './holder.ts'
import { forget, keep, kept } from './kept.ts'
import { forgetUploads } from './uploads.ts'

const KEY = 'windi-chat.session'
const ALONE = 'windi:alone'

/** Whether this tab has a session of its own (`/?as=new`); all other tabs of the browser share one. */
const isAlone = isAloneHere()

function isAloneHere(): boolean {
  if (new URLSearchParams(location.search).get('as') !== 'new') return sessionStorage.getItem(ALONE) !== null
  sessionStorage.setItem(ALONE, 'yes')
  return true
}

const storage = isAlone ? sessionStorage : localStorage

/** Why nobody is signed in: by choice, or because the session ended. */
export const ending = holder<'asked' | 'ended' | undefined>(undefined)
let isAsked = false

function open(): Auth {
  const opened = createAuth({ url: '', store: webSessionStore(storage, KEY) })
  let before = opened.session.get()
  opened.session.subscribe(() => {
    const session = opened.session.get()
    if (before && !session) ending.set(isAsked ? 'asked' : 'ended')
    if (session) isAsked = false
    if (session?.user.email !== undefined && !isAlone) keep('login', session.user.email)
    before = session
  })
  return opened
}

/** Who is signed in here. Another `Auth` when another tab has signed in or out. */
export const auth = holder<Auth>(open())

const storedId = (): string | undefined => (JSON.parse(storage.getItem(KEY) ?? 'null') as { sessionId?: string } | null)?.sessionId

// The `storage` event reaches all other tabs, and no more than what is stored: that is the message.
addEventListener('storage', ({ storageArea, key }) => {
  if (storageArea !== storage || (key !== KEY && key !== null)) return
  const before = auth.get().session.get()?.sessionId
  if (storedId() === before) return
  if (before !== undefined) ending.set('ended')
  auth.set(open())
})

/** Ends the session by choice: nothing of this user stays in the browser but messages that wait to be sent. */
export async function signOut(): Promise<void> {
  const session = auth.get().session.get()
  if (session) {
    void forgetUploads(session.user.id, forgetDrafts(session.user.id))
    void forgetCopy(session.user.id)
    forgetNotices()
    void endPush()
  }
  forget('login')
  isAsked = true
  const leaving = auth.get().logout()
  await leaving.catch(() => undefined)
}

/** The server has ended the session: what belongs to the user stays for the next time. */
export function sessionEnded(): void {
  const session = auth.get().session.get()
  if (!session) return
  if (storedId() !== session.sessionId) return auth.set(open())
  const forgetting = auth.get().logout()
  forgetting.catch(() => undefined)
}

/** What the last user of this browser signed in with, unless that user has signed out. */
export const lastLogin = (): string => kept('login') ?? ''
