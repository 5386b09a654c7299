import { memorySessions } from '../../../src/adapters/memory/sessions.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Policy } from '../../../src/application/identity/policy.ts'
import type { Vouched } from '../../../src/application/ports/issuers.ts'
import type { MailKind } from '../../../src/application/ports/mail.ts'
import type { SessionId, UserId } from '../../../src/domain/ids.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { compose, type OutboundPorts } from '../../../src/main/compose.ts'
import { simulatedBus, simulatedPorts } from '../../support/simulated.ts'
import { handClock } from '../../support/waiting.ts'

export const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
export const PASSWORD = 'a battery of correct horses'
export const HOME = { address: '192.0.2.7', requestId: 'r' }

export interface Sent {
  readonly kind: MailKind
  readonly to: string
  readonly facts: object
}

interface Options {
  readonly policy?: Partial<Policy>
  readonly change?: (ports: OutboundPorts) => Partial<OutboundPorts>
  /** Whether mail is sent. */
  readonly mail?: boolean
}

/** A service with accounts in memory in which time stands still, mail is what was sent, and passwords and tokens can be read. */
export function accounts({ policy, change = () => ({}), mail = false }: Options = {}) {
  const store = memoryStore('epoch')
  const clock = handClock(1_000 * DAY)
  const due: (() => void)[] = []
  const sent: Sent[] = []
  const noted: object[] = []
  const vouched = new Map<string, Vouched>()
  let isMailDown = false
  let ids = 0
  let digits = 0
  const newId = () => `id-${String(++ids).padStart(6, '0')}`
  const own = { bus: simulatedBus({ copies: () => 0, carry() {} })(), clock: clock.now, newId, random: () => 0.5 }
  const given = simulatedPorts(store, { ...own, later: (run) => void due.push(run) })
  const ports: OutboundPorts = {
    ...given,
    sessions: memorySessions(store),
    passwords: { hash: async (form) => `hash of ${form}`, verify: async (hash, form) => hash === `hash of ${form}` },
    tokens: {
      access: async (claims) => JSON.stringify(claims),
      async verifyAccess(token) {
        if (!token.startsWith('{')) throw new Refusal('unauthenticated')
        return JSON.parse(token)
      },
      refresh: (sessionId, generation) => `${sessionId} ${generation}`,
      verifyRefresh(token) {
        const [sessionId, generation] = token.split(' ')
        return generation === undefined ? undefined : { sessionId: sessionId as SessionId, generation: Number(generation) }
      },
    },
    issuers: { verify: async (token) => vouched.get(token) },
    journal: { note: (fact) => void noted.push(fact) },
    newSecret: () => `secret ${++digits}`,
    newDigits: (count) => String(++digits).padStart(count, '0'),
    mail: mail
      ? {
          canUnsubscribe: true,
          async send(kind, to, facts) {
            if (isMailDown) throw new Error('no answer')
            sent.push({ kind, to, facts })
          },
        }
      : undefined,
  }
  const whole: OutboundPorts = { ...ports, ...change(ports) }
  const ttls = { accessTtl: MINUTE, refreshTtl: 10 * DAY, sessionTtl: 30 * DAY, directory: 'open', guests: true } as const
  const app = compose(whole, { ...ttls, ...policy })
  const { api } = app
  return {
    app,
    api,
    ports: whole,
    store,
    clock,
    sent,
    noted,
    vouched,
    mailDown: (isDown: boolean) => void (isMailDown = isDown),
    userOf: (id: UserId) => store.people.get(id)!.user,
    set: (id: UserId, to: object) => void (store.people.get(id)!.user = { ...store.people.get(id)!.user, ...to }),
    /** What was put off is done. */
    async settle(): Promise<void> {
      do {
        for (const run of due.splice(0)) run()
        await new Promise<void>((done) => setImmediate(done))
      } while (due.length > 0)
    },
    /** A user, signed in from home. */
    async person(name: string, more: object = {}) {
      const email = `${name.toLowerCase()}@example.com`
      const signed = await api.register(HOME, { name, email, password: PASSWORD, ...more })
      return { ...HOME, userId: signed.user.id, sessionId: signed.sessionId, signed, email }
    },
  }
}

/** How a call ended: `done`, or the code of its refusal. */
export const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (thrown: Refusal) => thrown.code,
  )
