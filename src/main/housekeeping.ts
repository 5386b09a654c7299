import { setTimeout as pause } from 'node:timers/promises'
import { random } from '../adapters/system/random.ts'
import type { Duration } from '../domain/ids.ts'
import type { Application } from './compose.ts'

interface Chore {
  readonly name: string
  /** Varied, so that processes that started together do not query together. */
  readonly every: Duration
  run(): unknown
}

interface HousekeepingNeeds {
  choreRan(name: string, outcome: 'ok' | 'failed'): void
  readonly log: { warn(facts: object, message: string): void }
}

/**
 * The periodic tasks: finds events that the bus lost, expires typing and presence, stores last activity, deletes old guests and sessions. A task that
 * fails is reported and runs again the next time; none runs twice at once.
 */
export function housekeeping(app: Application, needs: HousekeepingNeeds): { stop(): Promise<void> } {
  const {
    hub,
    relay,
    clearNotifications,
    activity,
    forgetGuests,
    forgetSessions,
    collectFiles,
    sweepFiles,
    forgetAccounts,
    resealFactors,
    deliverMails,
  } = app
  const chores: readonly Chore[] = [
    { name: 'poll', every: 1_000, run: hub.poll },
    { name: 'sweep', every: 1_000, run: hub.sweep },
    { name: 'relay', every: 1_000, run: relay.tick },
    { name: 'clear notifications', every: 5_000, run: clearNotifications },
    { name: 'forget deletions', every: 3_600_000, run: relay.forget },
    { name: 'note activity', every: 10_000, run: activity.flush },
    { name: 'forget guests', every: 3_600_000, run: forgetGuests },
    { name: 'collect files', every: 3_600_000, run: collectFiles },
    { name: 'sweep files', every: 86_400_000, run: sweepFiles },
    { name: 'forget sessions', every: 3_600_000, run: forgetSessions },
    { name: 'forget accounts', every: 3_600_000, run: forgetAccounts },
    { name: 'seal again', every: 600_000, run: resealFactors },
    { name: 'send mails', every: 2_000, run: deliverMails },
  ]
  const ending = new AbortController()
  const rounds = chores.map((chore) => keep(chore, needs, ending.signal))
  return {
    async stop() {
      ending.abort()
      await Promise.all(rounds)
      await relay.stop()
      await activity.flush()
    },
  }
}

async function keep({ name, every, run }: Chore, { log, choreRan }: HousekeepingNeeds, signal: AbortSignal): Promise<void> {
  let isFailing = false
  const rest = () => pause(every * (0.75 + random() / 2), undefined, { signal, ref: false }).catch(() => undefined)
  for (await rest(); !signal.aborted; await rest()) {
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
