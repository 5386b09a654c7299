import i18next from 'i18next'
import type { ChatClient } from '../../src/client/index.ts'
import { keepPushDevice, type PushContent, pushKey } from '../../src/client/notices.ts'
import { holder } from '../state/holder.ts'
import { keep, kept, onKept } from '../state/kept.ts'
import { permission } from './permission.ts'

export const contents = ['full', 'name', 'none'] as const satisfies readonly PushContent[]
const chosen = (): PushContent => contents.find((one) => one === kept('push-content')) ?? 'full'
export const pushContent = holder<PushContent>(chosen())
onKept('push-content', () => pushContent.set(chosen()))

/** Whether messages are told of while no page is open. */
export const pushState = holder<'on' | 'off' | 'unsupported'>('PushManager' in globalThis ? 'off' : 'unsupported')

export function choosePushContent(client: ChatClient, next: PushContent): void {
  keep('push-content', next)
  pushContent.set(next)
  void keepPush(client)
}

function deviceId(): string {
  const known = kept('push-device')
  if (known !== undefined) return known
  const made = crypto.randomUUID()
  keep('push-device', made)
  return made
}

/** Words for notifications that show nothing of a message: the worker knows none itself. */
async function leaveWords(): Promise<void> {
  const cache = await caches.open('words')
  await cache.put('/words', Response.json({ message: i18next.t('notify.newMessage') }))
}

/**
 * Has the push service of the browser tell of messages while no page is open, where the user allows notifications. A subscription for
 * another key of the service is made anew. Nothing happens where it cannot be had.
 */
export async function keepPush(client: ChatClient): Promise<void> {
  if (permission.get() !== 'granted' || pushState.get() === 'unsupported') return
  try {
    const registration = await navigator.serviceWorker.getRegistration()
    if (!registration) return
    await leaveWords()
    const key = await pushKey(client)
    const subscription = await subscribed(registration.pushManager, key)
    await keepPushDevice(client, { id: deviceId(), subscription: subscription.toJSON(), content: pushContent.get() })
    pushState.set('on')
  } catch {
    // No push service, or no network: the next load tries again.
    pushState.set('off')
  }
}

async function subscribed(manager: PushManager, key: string): Promise<PushSubscription> {
  const present = await manager.getSubscription()
  if (present && base64url(present.options.applicationServerKey) === key) return present
  await present?.unsubscribe()
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

const base64url = (bytes: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/** Nothing is told here any more: the user has signed out. */
export async function endPush(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  const subscription = await registration?.pushManager?.getSubscription()
  await subscription?.unsubscribe()
  for (const notice of (await registration?.getNotifications()) ?? []) notice.close()
}
