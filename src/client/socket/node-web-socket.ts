import type { SocketConstructor } from '../platform/platform.ts'

/** The socket of the package `ws` in a Node that has none of its own, before 22; undefined elsewhere. Bundlers leave it out. */
export async function nodeWebSocket(): Promise<SocketConstructor | undefined> {
  const { process } = globalThis as { process?: { readonly versions?: { readonly node?: string } } }
  if (!process?.versions?.node) return undefined
  const name = 'ws'
  const { WebSocket } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as { WebSocket: SocketConstructor }
  return WebSocket
}
