import { isPassing, isProblem, localProblem } from '../calls/problem.ts'
import type { Platform } from '../platform/platform.ts'
import type { Message, OutboxEntry, OutboxLimits } from '../types.ts'
import { isWaiting } from './content.ts'
import type { Sending, Sendings } from './sendings.ts'
import type { States } from './states.ts'

/** Chats that are sent to at the same time. */
const AT_ONCE = 8

export interface Sender {
  /** Sends what is due. With `isNew` there is a new connection: nothing waits for an earlier failure. */
  pump(isNew?: boolean): void
  /** From now on this tab is the one that sends. */
  start(): void
  stop(): void
}

interface Needs {
  readonly sendings: Sendings
  readonly states: States
  readonly platform: Pick<Platform, 'now' | 'later'>
  readonly limits: OutboxLimits
  canSend(): boolean
  post(entry: OutboxEntry): Promise<Message>
}

/** Sends: first in, first out in each chat. */
export function sender({ sendings, states, platform, limits, canSend, post }: Needs): Sender {
  const { now, later } = platform
  let isOn = false
  let pausedUntil = 0
  let cancelTimer = () => {}

  const isTooOld = ({ entry }: Sending) => now() - entry.at > limits.ageMs
  const expire = (sending: Sending) => states.fail(sending, localProblem('outbox-expired', 'The message has waited too long'))

  function pump(isNew = false): void {
    cancelTimer()
    if (!isOn) return
    let next = Number.POSITIVE_INFINITY
    let inWork = sendings.all.get().filter((sending) => statusOf(sending) === 'sending').length
    for (const sending of sendings.all.get()) if (statusOf(sending) === 'queued' && isTooOld(sending)) expire(sending)
    for (const sending of firstOfEach(sendings.all.get())) {
      if (statusOf(sending) !== 'queued' || !sending.isStored) continue
      if (isNew) sending.notBefore = 0
      const due = Math.max(sending.notBefore, pausedUntil, sending.entry.at + limits.undoMs)
      if (due > now()) next = Math.min(next, due)
      else if (inWork < AT_ONCE && canSend()) {
        inWork++
        void attempt(sending)
      }
    }
    if (next < Number.POSITIVE_INFINITY) cancelTimer = later(next - now(), pump)
  }

  async function attempt(sending: Sending): Promise<void> {
    states.begin(sending)
    try {
      const message = await post(sending.entry)
      states.done(sending, message)
    } catch (error) {
      if (!sendings.isHere(sending)) return
      if (isProblem(error) && !isPassing(error)) states.fail(sending, error.problem)
      else {
        const due = states.postpone(sending, error)
        // Slow mode is a rule of one chat.
        if (!isProblem(error, 'slow-mode')) pausedUntil = Math.max(pausedUntil, due)
      }
    } finally {
      pump()
    }
  }

  return {
    pump,
    start() {
      isOn = true
      // What another tab was sending when it ended may have arrived.
      for (const sending of sendings.all.get()) {
        if (statusOf(sending) !== 'sending') continue
        sending.isUncertain = true
        sending.state.set({ status: 'queued' })
        sendings.changed(sending.entry.chatId)
      }
      pump()
    },
    stop() {
      isOn = false
      cancelTimer()
    },
  }
}

const statusOf = ({ state }: Sending) => state.get().status

/** The first of each chat that has neither failed nor waits for its files. */
function firstOfEach(all: readonly Sending[]): Iterable<Sending> {
  const firsts = new Map<string, Sending>()
  for (const sending of all) {
    const { chatId } = sending.entry
    if (statusOf(sending) !== 'failed' && !isWaiting(sending.entry) && !firsts.has(chatId)) firsts.set(chatId, sending)
  }
  return firsts.values()
}
