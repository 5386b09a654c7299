import type { Problem as WireProblem } from '../../adapters/wire/schemas/service.ts'
import { isProblem, isUncertain } from '../calls/problem.ts'
import { fullJitter } from '../platform/backoff.ts'
import type { Emit } from '../platform/events.ts'
import type { Platform } from '../platform/platform.ts'
import type { Message, OutboxEntry } from '../types.ts'
import type { Keeping } from './keeping.ts'
import type { Sending, Sendings } from './sendings.ts'
import type { Tell } from './tabs.ts'

/** How a message moves from one state to the next: queued → sending → sent, failed or cancelled. */
export interface States {
  begin(sending: Sending): void
  done(sending: Sending, message: Message): void
  fail(sending: Sending, problem: WireProblem): void
  /** Queued again. Returns when the service wants nothing at all before. */
  postpone(sending: Sending, error: unknown): number
  retry(sending: Sending): void
  /** The same message with another entry: a file of it is uploaded. */
  filled(sending: Sending, entry: OutboxEntry): void
  /** Returns false when it is too late. */
  cancel(sending: Sending): boolean
}

interface Needs {
  readonly sendings: Sendings
  readonly keep: Pick<Keeping, 'put' | 'remove'>
  readonly platform: Pick<Platform, 'now' | 'random'>
  readonly emit: Emit
  readonly tell: Tell
  /** Called before the entry goes. */
  accepted(message: Message): void
}

export function states({ sendings, keep, platform, emit, tell, accepted }: Needs): States {
  const { now, random } = platform
  const changed = ({ entry }: Sending) => sendings.changed(entry.chatId)
  const nameOf = ({ entry: { chatId, key } }: Sending) => ({ chatId, key })

  function filled(sending: Sending, entry: OutboxEntry): void {
    sending.entry = entry
    if (!entry.problem) sending.state.set({ status: 'queued' })
    keep.put(sending)
    changed(sending)
  }

  return {
    begin(sending) {
      sending.state.set({ status: 'sending' })
      tell({ type: 'moved', ...nameOf(sending), status: 'sending' })
      changed(sending)
    },
    done(sending, message) {
      if (!sendings.isHere(sending)) return
      // Its event may have come before the answer: whichever it was, other tabs learn it from this one.
      tell({ type: 'sent', ...nameOf(sending), message })
      accepted(message)
      keep.remove(sending)
      sending.state.set({ status: 'sent', message })
      changed(sending)
      emit('sent', { ...nameOf(sending), message })
    },
    fail(sending, problem) {
      sending.entry = { ...sending.entry, problem }
      sending.state.set({ status: 'failed', problem })
      keep.put(sending)
      changed(sending)
      emit('refused', { ...nameOf(sending), problem })
    },
    postpone(sending, error) {
      const wait = isProblem(error) ? error.problem.retry_after_ms : undefined
      if (!isProblem(error)) emit('error', { error, during: 'sending a message' })
      sending.isUncertain ||= isUncertain(error)
      sending.notBefore = now() + (wait ?? fullJitter(++sending.attempts, random))
      sending.state.set({ status: 'queued' })
      tell({ type: 'moved', ...nameOf(sending), status: 'queued' })
      changed(sending)
      return wait === undefined ? 0 : sending.notBefore
    },
    retry(sending) {
      if (sending.state.get().status !== 'failed' || !sendings.isHere(sending)) return
      sending.notBefore = 0
      filled(sending, { ...sending.entry, problem: undefined, at: now() })
    },
    filled,
    cancel(sending) {
      const { status } = sending.state.get()
      if (status !== 'failed' && (status !== 'queued' || sending.isUncertain)) return false
      keep.remove(sending)
      sending.state.set({ status: 'cancelled' })
      tell({ type: 'cancelled', ...nameOf(sending) })
      changed(sending)
      return true
    },
  }
}
