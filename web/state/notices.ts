import { holder } from './holder.ts'

export interface Toast {
  readonly id: number
  readonly text: string
  /** A fault stays until it is closed. */
  readonly isFault: boolean
  /** Takes back what the toast says. */
  readonly undo?: (() => void) | undefined
}

/** More are not shown: the oldest ends. */
const SHOWN = 3
const SHOWN_MS = 6_000

interface Running {
  readonly end: () => void
  timer: ReturnType<typeof setTimeout> | undefined
}

/** What has just happened, oldest first. */
export const toasts = holder<readonly Toast[]>([])
const running = new Map<number, Running>()
let last = 0
let isHeld = false

function show(text: string, given: { readonly isFault?: boolean; readonly undo?: () => void; readonly end?: () => void }): void {
  const same = toasts.get().find((toast) => toast.text === text && !toast.undo)
  if (same) close(same.id)
  const id = ++last
  const { isFault = false, undo, end = () => undefined } = given
  running.set(id, { end, timer: undefined })
  toasts.set([...toasts.get(), { id, text, isFault, ...(undo && { undo }) }])
  for (const old of toasts.get().slice(0, -SHOWN)) close(old.id)
  if (!isHeld) start(id)
}

/** `undo` takes back what has been done already. */
export const tell = (text: string, { isFault = false, undo }: { readonly isFault?: boolean; readonly undo?: () => void } = {}): void =>
  show(text, { isFault, ...(undo && { undo }) })

/** Ends a toast; what it stood for is done, unless it was taken back. */
export function close(id: number, isUndone = false): void {
  const one = running.get(id)
  const toast = toasts.get().find((shown) => shown.id === id)
  if (!one) return
  clearTimeout(one.timer)
  running.delete(id)
  toasts.set(toasts.get().filter((shown) => shown.id !== id))
  if (isUndone) toast?.undo?.()
  else one.end()
}

function start(id: number): void {
  const one = running.get(id)
  const isFault = toasts.get().find((toast) => toast.id === id)?.isFault
  if (one && !isFault) one.timer = setTimeout(() => close(id), SHOWN_MS)
}

/** While the user points at the toasts, or is in them, none ends by itself. */
export function hold(isOver: boolean): void {
  if (isHeld === isOver) return
  isHeld = isOver
  for (const [id, { timer }] of running)
    if (isOver) clearTimeout(timer)
    else start(id)
}

export interface Deferred {
  /** A name of what is being done, such as the id of a message: meanwhile it is shown as done. */
  readonly of: string
  readonly text: string
  /** Rejects when it could not be done. */
  readonly run: () => Promise<unknown>
  /** The same, as the page closes: there is no time to wait for an answer. */
  readonly runAtLast: () => void
  readonly failed: (error: unknown) => void
}

/** What is shown as done, and may be taken back for as long as its toast is there. */
export const deferred = holder<ReadonlySet<string>>(new Set())
const atLast = new Map<string, () => void>()

export function defer({ of, text, run, runAtLast, failed }: Deferred): void {
  const without = () => deferred.set(new Set([...deferred.get()].filter((name) => name !== of)))
  deferred.set(new Set([...deferred.get(), of]))
  atLast.set(of, runAtLast)
  show(text, {
    undo() {
      atLast.delete(of)
      without()
    },
    end() {
      // The page is closing, and it has been asked for already.
      if (!atLast.delete(of)) return
      run().then(without, (error: unknown) => {
        without()
        failed(error)
      })
    },
  })
}

addEventListener('pagehide', () => {
  for (const run of atLast.values()) run()
  atLast.clear()
})
