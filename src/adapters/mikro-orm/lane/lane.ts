import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '../../../domain/refusal.ts'

/** Something that waits for its batch. */
export interface Waiting {
  resolve(result: unknown): void
  reject(error: unknown): void
  /** It has been answered; resolving or rejecting it again does nothing. */
  isOver: boolean
  since: number
}

export interface Store<C> {
  /** Which of those that wait go next. They are taken out; the others keep their order. */
  take(waiting: C[]): C[]
  /**
   * Commits a batch, then answers all of its calls but those that it returns, which go first into the next batch. Throws when nothing
   * was committed, or when nobody knows; then it finds out before it commits anything else.
   */
  commit(batch: readonly C[]): Promise<readonly C[]>
  /**
   * `conflict`: once more, at once. `away`: once more, a little later, as long as the calls wait. `busy`: the same, somebody else being at
   * work. `other`: not together.
   */
  trouble(error: unknown): 'conflict' | 'away' | 'busy' | 'other'
  /** Receives how to hand in calls that `commit` has kept back: they go first. */
  attach?(again: (calls: readonly C[]) => void): void
  /** Gives up what has been under way for far too long. */
  abort(): void
  close(): Promise<void>
}

export interface LaneOptions {
  /** How many calls may wait or be under way; one more is refused. */
  readonly limit: number
  /** Calls that the database did not answer within this many seconds are refused. */
  readonly patience: number
  readonly warn?: ((message: string) => void) | undefined
}

/** Lanes side by side, under one bound. */
export interface Lanes<C> {
  /** Puts a call into a lane, in which everything happens in the order in which it came. */
  put<R>(lane: number, call: C): Promise<R>
  /** Calls that wait or are under way. */
  size(): number
  /** Refuses what comes, carries out what waits. */
  close(): Promise<void>
}

const CONFLICTS = 10
const LONGEST_PAUSE_MS = 1_000
const BUSY_PAUSE_MS = 20
/** A batch is given up so many seconds after all of its calls were refused: more than the database itself allows a statement. */
const STALLED_SECONDS = 5

/** No timer gathers calls: a lane's next batch is what has come while the last one was committed. */
export function lanes<C extends object>(stores: readonly Store<C & Waiting>[], { limit, patience, warn }: LaneOptions): Lanes<C> {
  const all = stores.map((store) => lane(store, patience + STALLED_SECONDS, warn))
  const open = new Set<Waiting>()
  let isClosed = false
  let now = 0
  let clock: NodeJS.Timeout | undefined

  function tick(): void {
    now++
    for (const call of open) {
      if (call.since > now - patience) break
      call.reject(new Refusal('overloaded'))
    }
    for (const one of all) one.tick()
    if (open.size > 0 || all.some((one) => one.isBusy())) return
    clearInterval(clock)
    clock = undefined
  }

  function put<R>(index: number, call: C): Promise<R> {
    if (open.size >= limit || isClosed) return Promise.reject(new Refusal('overloaded'))
    clock ??= setInterval(tick, 1_000).unref()
    return new Promise<R>((resolve, reject) => {
      const end = (): boolean => {
        if (waiting.isOver) return false
        waiting.isOver = true
        return open.delete(waiting)
      }
      const waiting: C & Waiting = Object.assign(call, {
        resolve: (result: unknown) => void (end() && resolve(result as R)),
        reject: (error: unknown) => void (end() && reject(error as Error)),
        isOver: false,
        since: now,
      })
      open.add(waiting)
      all[index]!.put(waiting)
    })
  }

  return {
    put,
    size: () => open.size,
    async close() {
      isClosed = true
      await Promise.all(all.map((one) => one.idle()))
      clearInterval(clock)
      await Promise.all(stores.map((store) => store.close()))
    },
  }
}

function lane<C extends Waiting>(store: Store<C>, stalledSeconds: number, warn: LaneOptions['warn']) {
  let waiting: C[] = []
  let running: Promise<void> | undefined
  let busyFor = 0

  /** One turn of the event loop later, so that all that arrives in this one comes along, and sockets are served between batches. */
  async function run(): Promise<void> {
    for (;;) {
      await turn()
      const batch = store.take(waiting)
      if (batch.length === 0) break
      await work(batch)
    }
    running = undefined
  }

  /** Commits a batch, however often that takes; a call that makes it fail is found by halving, and fails alone. */
  async function work(batch: readonly C[]): Promise<void> {
    for (let conflicts = 0, pauseMs = 25; ; ) {
      const calls = batch.filter((call) => !call.isOver)
      if (calls.length === 0) return
      try {
        busyFor = 0
        const postponed = await store.commit(calls)
        if (postponed.length > 0) waiting = [...postponed, ...waiting]
        return
      } catch (error) {
        const trouble = store.trouble(error)
        if (trouble === 'away') {
          warn?.(`The database is away: ${(error as Error).message}`)
          await pause(pauseMs)
          pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
        } else if (trouble === 'busy') await pause(BUSY_PAUSE_MS)
        else if (trouble === 'other' || ++conflicts >= CONFLICTS) {
          if (calls.length === 1) return calls[0]!.reject(error)
          const half = Math.ceil(calls.length / 2)
          await work(calls.slice(0, half))
          return work(calls.slice(half))
        }
      }
    }
  }

  const begin = () => (running ??= run())
  store.attach?.((calls) => {
    waiting = [...calls, ...waiting]
    void begin()
  })

  return {
    put(call: C): void {
      waiting.push(call)
      void begin()
    },
    tick(): void {
      if (running && ++busyFor === stalledSeconds) store.abort()
    },
    isBusy: () => running !== undefined,
    idle: async () => running,
  }
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

/** The first of those that wait, `size` at most, and of each `name` no more than `share`, so that a busy one does not slow the others. */
export function takeFairly<C>(waiting: C[], name: (call: C) => string, { size, share }: { size: number; share: number }): C[] {
  if (waiting.length <= share) return waiting.splice(0)
  const batch: C[] = []
  const left: C[] = []
  const taken = new Map<string, number>()
  let i = 0
  for (; i < waiting.length && batch.length < size; i++) {
    const call = waiting[i]!
    const count = taken.get(name(call)) ?? 0
    if (count < share) {
      taken.set(name(call), count + 1)
      batch.push(call)
    } else left.push(call)
  }
  waiting.splice(0, i, ...left)
  return batch
}
