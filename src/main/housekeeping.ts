import { setTimeout as pause } from 'node:timers/promises'
import { random } from '../adapters/system/random.ts'
import type { Duration } from '../domain/ids.ts'
import type { Application } from './compose.ts'

interface Chore {
  readonly name: string
  /** Varied, so that processes that started together do not query together. */
  readonly every: Duration
  /** Whether it runs at the start, too: what an earlier process has left is finished then. */
  readonly isFirst?: boolean
  run(): unknown
}

interface HousekeepingNeeds {
  choreRan(name: string, outcome: 'ok' | 'failed'): void
  readonly log: { warn(facts: object, message: string): void }
}

/** The periodic tasks of an application. */
export function choresOf({ hub, relay, activity, ...app }: Application): readonly Chore[] {
  return [
    { name: 'poll', every: 1_000, run: hub.poll },
    { name: 'announce users', every: 1_000, run: hub.announceUsers },
    { name: 'sweep', every: 1_000, run: hub.sweep },
    { name: 'relay', every: 1_000, run: relay.tick },
    { name: 'clear notifications', every: 5_000, run: app.clearNotifications },
    { name: 'forget deletions', every: 3_600_000, run: relay.forget },
    { name: 'note activity', every: 10_000, run: activity.flush },
    { name: 'finish erasures', every: 600_000, isFirst: true, run: app.finishLeftovers },
    { name: 'forget guests', every: 3_600_000, run: app.forgetGuests },
    { name: 'collect files', every: 3_600_000, run: app.collectFiles },
    { name: 'sweep files', every: 86_400_000, run: app.sweepFiles },
    { name: 'expire texts', every: 3_600_000, run: app.expireTexts },
    { name: 'forget sessions', every: 3_600_000, run: app.forgetSessions },
    { name: 'forget accounts', every: 3_600_000, run: app.forgetAccounts },
    { name: 'seal again', every: 600_000, run: app.resealFactors },
    { name: 'send mails', every: 2_000, run: app.deliverMails },
    { name: 'send digests', every: 3_600_000, run: app.sendDigests },
  ]
}

/**
 * Runs the periodic tasks: they find events that the bus lost, expire typing and presence, store last activity, finish erasures, delete old
 * guests, sessions and texts. A task that fails is reported and runs again the next time; none runs twice at once.
 */
export function housekeeping(app: Application, needs: HousekeepingNeeds): { stop(): Promise<void> } {
  const { relay, activity } = app
  const ending = new AbortController()
  const rounds = choresOf(app).map((chore) => keep(chore, needs, ending.signal))
  return {
    async stop() {
      ending.abort()
      await Promise.all(rounds)
      await relay.stop()
      await activity.flush()
    },
  }
}

async function keep({ name, every, isFirst, run }: Chore, { log, choreRan }: HousekeepingNeeds, signal: AbortSignal): Promise<void> {
  let isFailing = false
  const rest = () => pause(every * (0.75 + random() / 2), undefined, { signal, ref: false }).catch(() => undefined)
  if (!isFirst) await rest()
  for (; !signal.aborted; await rest()) {
    try {
      await run()
      isFailing = false
      choreRan(name, 'ok')
    } catch (error) {
      if (!isFailing) log.warn({ err: error, chore: name }, 'A chore failed; it is tried again')
      isFailing = true
      choreRan(name, 'failed')
    }
  }
}
