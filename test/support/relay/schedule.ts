import type { dice } from '../simulated.ts'

/** Time that passes when it is told to, and calls that wait until they are let go. */
export function schedule({ below }: Pick<ReturnType<typeof dice>, 'below'>) {
  const [paused, carried] = [[] as (() => void)[], [] as (() => void)[]]
  const due: { readonly at: number; readonly run: () => void }[] = []
  const running = new Set<Promise<unknown>>()
  let [now, isFree] = [100_000_000, false]
  const pause = () => (isFree ? Promise.resolve() : new Promise<void>((go) => paused.push(go)))
  const take = (from: (() => void)[]) => from.splice(below(from.length), 1)[0]?.()

  async function called(call: () => unknown): Promise<unknown> {
    const answer = Promise.resolve(call())
    running.add(answer)
    try {
      return await answer
    } finally {
      running.delete(answer)
    }
  }

  return {
    now: () => now,
    pause,
    carry: (run: () => void) => void carried.push(run),
    later: (run: () => void, wait: number) => void due.push({ at: now + wait, run }),
    /** Lets so many of the calls that wait go on. */
    resume: (count: number) => {
      for (let i = count; i > 0; i--) take(paused)
    },
    bring: (count: number) => {
      for (let i = count; i > 0; i--) take(carried)
    },
    flush() {
      for (const item of [...paused.splice(0), ...carried.splice(0)]) item()
    },
    /** From now on nothing waits, until it is said otherwise. */
    free: (is: boolean) => void (isFree = is),
    pass(ms: number) {
      now += ms
      for (const item of due.splice(0))
        if (item.at <= now) item.run()
        else due.push(item)
    },
    /** Resolves when nothing goes on by itself. */
    async settled() {
      do {
        await Promise.allSettled(running)
        await new Promise<void>((done) => setImmediate(done))
      } while (running.size > 0)
    },
    /** The same port, whose calls take time; those of a process that was killed never answer. */
    slowly: <T extends object>(port: T, by: { readonly isDead: boolean }): T =>
      Object.fromEntries(
        Object.entries(port).map(([name, call]) => [
          name,
          typeof call !== 'function'
            ? call
            : async (...given: unknown[]) => {
                await pause()
                if (by.isDead) return new Promise(() => {})
                const answer = await called(() => (call as (...given: unknown[]) => unknown)(...given))
                await pause()
                return by.isDead ? new Promise(() => {}) : answer
              },
        ]),
      ) as T,
  }
}
export type Schedule = ReturnType<typeof schedule>
