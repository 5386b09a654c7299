import { holder } from '../state/holder.ts'
import { keep, kept } from '../state/kept.ts'

export type Permission = NotificationPermission | 'unsupported'

const current = (): Permission => (typeof Notification === 'undefined' ? 'unsupported' : Notification.permission)
export const permission = holder<Permission>(current())

export async function askPermission(): Promise<void> {
  if (typeof Notification !== 'undefined') await Notification.requestPermission()
  permission.set(current())
}

const DAY_MS = 86_400_000
/** Who does not want to be asked now is asked again after so long. */
const AGAIN_MS = 14 * DAY_MS

export const mayAsk = (now = Date.now()): boolean => permission.get() === 'default' && now - Number(kept('notify-asked') ?? 0) > AGAIN_MS
export const askLater = (): boolean => keep('notify-asked', String(Date.now()))
