import type { OutboundPorts } from '../../src/main/compose.ts'

/** Where a call is interrupted: before it has done anything, or when it is done and its answer is lost. */
export type When = 'before' | 'after'
export const WHENS = ['before', 'after'] as const satisfies readonly When[]

type Port = Readonly<Record<string, unknown>>
const PORTS = ['chats', 'people', 'sessions', 'files', 'consumers', 'notices', 'receipts', 'own', 'consents', 'reports', 'inlets'] as const

/** What an interrupted call says. */
export const INTERRUPTED = 'interrupted'

/** Ports of which one call fails: the n-th from when they are armed. They count on, so that one knows how many there are. */
export function interruptible() {
  let calls: string[] = []
  let at: { readonly n: number; readonly when: When } | undefined

  const wrapped = <P extends object>(name: string, port: P): P => {
    const wrap = ([method, call]: [string, unknown]) => {
      if (typeof call !== 'function' || method === 'pieces') return [method, call]
      return [
        method,
        async (...given: readonly unknown[]) => {
          calls.push(`${name}.${method}`)
          const isHit = at?.n === calls.length
          if (isHit && at!.when === 'before') throw new Error(INTERRUPTED)
          const answer = await (call as (...given: readonly unknown[]) => unknown)(...given)
          if (isHit) throw new Error(INTERRUPTED)
          return answer
        },
      ]
    }
    return Object.fromEntries(Object.entries(port as Port).map(wrap)) as P
  }

  return {
    /** For what an application is given. */
    change: (ports: OutboundPorts): Partial<OutboundPorts> => ({
      ...Object.fromEntries(PORTS.map((name) => [name, wrapped(name, ports[name])])),
      log: (onCommit) => wrapped('log', ports.log(onCommit)),
      ...(ports.storage && { storage: { ...ports.storage, blobs: wrapped('blobs', ports.storage.blobs) } }),
    }),
    arm(next: typeof at): void {
      calls = []
      at = next
    },
    calls: (): readonly string[] => calls,
  }
}
