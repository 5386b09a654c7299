import { holder } from './holder.ts'

/** Whether the server has another version of the page than this one. */
export const isOutdated = holder(false)

/** Keeps the built page in the browser, so that it opens without a network. Where that is not possible the page needs one. */
export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } }
  }
  const policy = trustedTypes?.createPolicy('windi-worker', { createScriptURL: (url: string) => url })
  const url = '/sw.js'
  const { serviceWorker } = navigator
  const isFirst = serviceWorker.controller === null
  // Another worker than the one that served this page takes over: it belongs to another version.
  serviceWorker.addEventListener('controllerchange', () => !isFirst && isOutdated.set(true))
  addEventListener('load', () => void serviceWorker.register(policy?.createScriptURL(url) ?? url).then(follow, () => undefined))
}

const OFTEN_MS = 30 * 60_000

/** Looks for another version now and then, and when the page comes into sight. */
function follow(registration: ServiceWorkerRegistration | undefined): void {
  // A browser that keeps no workers says that it has registered one.
  if (!registration) return
  let lookedAt = Date.now()
  const look = () => {
    if (document.visibilityState !== 'visible' || Date.now() - lookedAt < OFTEN_MS / 6) return
    lookedAt = Date.now()
    registration.update().catch(() => undefined)
  }
  setInterval(look, OFTEN_MS)
  document.addEventListener('visibilitychange', look)
}
