/** Keeps the built page in the browser, so that it opens without a network. Where that is not possible the page needs one. */
export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } }
  }
  const policy = trustedTypes?.createPolicy('windi-worker', { createScriptURL: (url: string) => url })
  const url = '/worker.js'
  addEventListener('load', () => void navigator.serviceWorker.register(policy?.createScriptURL(url) ?? url).catch(() => undefined))
}
