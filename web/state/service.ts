import { useEffect } from 'react'
import type { Auth, Service } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { auth } from './auth.ts'
import { type Holder, holder } from './holder.ts'

/** For so long an answer is waited for. */
const PATIENCE_MS = 3_000

interface Told {
  /** What the service says of itself; undefined until it has. */
  readonly service: Service | undefined
  /** The answer may come in a moment: what depends on it is better not shown yet than shown and moved. */
  readonly isAwaited: boolean
}

const known = new WeakMap<Auth, Holder<Told>>()
const asked = new WeakSet<Auth>()

function toldBy(current: Auth): Holder<Told> {
  const told = known.get(current) ?? holder<Told>({ service: undefined, isAwaited: true })
  known.set(current, told)
  return told
}

/** Asks once; again only after a failure. */
function ask(current: Auth): void {
  if (asked.has(current)) return
  asked.add(current)
  const told = toldBy(current)
  const tell = (service: Service | undefined) => told.set({ service, isAwaited: false })
  const timer = setTimeout(() => tell(undefined), PATIENCE_MS)
  current
    .service()
    .then(tell, () => {
      asked.delete(current)
      tell(undefined)
    })
    .finally(() => clearTimeout(timer))
}

export function useService(): Told {
  const current = useStore(auth)
  useEffect(() => ask(current), [current])
  return useStore(toldBy(current))
}
