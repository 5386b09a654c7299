import fc from 'fast-check'
import { expect } from 'vitest'
import type { ChatApi } from '../../../src/application/chat-api.ts'
import { newResetCode, newVerifyCode } from '../../../src/application/identity/codes.ts'
import type { Passwords } from '../../../src/application/ports/passwords.ts'
import type { SessionId, UserId } from '../../../src/domain/ids.ts'
import { isRefusal } from '../../../src/domain/refusal.ts'
import type { OutboundPorts } from '../../../src/main/compose.ts'
import { defaultConfig } from '../../../src/main/config.ts'
import { type Opened, openApplication } from '../../../src/main/container.ts'
import { silent } from '../../../src/main/logging.ts'
import { eventually, handClock } from '../../support/waiting.ts'

/** Ports with a fault, made of those that have none. */
export type Sabotage = (ports: OutboundPorts) => Partial<OutboundPorts>

/** Two processes on one store, and what they compared. */
export interface Accounts extends AsyncDisposable {
  readonly apis: readonly [ChatApi, ChatApi]
  readonly ports: OutboundPorts
  /** Passwords and codes that were held against the right one. */
  readonly compared: { passwords: number; codes: number }
  person(): Promise<{ userId: UserId; sessionId: SessionId; login: string; password: string }>
}

const HOME = '192.0.2.7'
const WORDS = 'a battery of horses'

/** Everything of an account that two processes could do at once, on a store that both have open. */
export async function twoProcesses(databaseUrl: string, sabotage?: Sabotage): Promise<Accounts> {
  const compared = { passwords: 0, codes: 0 }
  const clock = handClock()
  const passwords: Passwords = {
    hash: async (password) => `plain ${password}`,
    async verify(hash, password) {
      compared.passwords++
      return hash === `plain ${password}`
    },
  }
  const mailed = new Set<string>()
  const mail: OutboundPorts['mail'] = { send: async (_, to) => void mailed.add(to) }
  const common = { passwords, clock: clock.now, limiter: { admit: async () => undefined }, mail }
  const open = (ports: Partial<OutboundPorts>) =>
    openApplication({
      config: { ...defaultConfig(), databaseUrl, jwtSecret: 's'.repeat(32) },
      log: silent(),
      ports: { ...common, ...ports },
    })
  const honest = await open({})
  const { seals } = honest.ports
  const counting: OutboundPorts['seals'] = {
    ...seals,
    macs(text) {
      if (text.startsWith('verify')) compared.codes++
      return seals.macs(text)
    },
  }
  const apps: Opened[] = [honest]
  /** Its faults are made of ports of its own. */
  async function process(): Promise<ChatApi> {
    const own = await open({ seals: counting })
    apps.push(own)
    if (!sabotage) return own.api
    const spoilt = await open({ seals: counting, ...sabotage(own.ports) })
    apps.push(spoilt)
    return spoilt.api
  }
  const apis = [await process(), await process()] as const
  let made = 0
  return {
    apis,
    ports: honest.ports,
    compared,
    async person() {
      const login = `person${++made}x${honest.ports.newId().slice(-8)}`
      const email = `${login}@example.com`
      const command = { name: 'Person', username: login, email, password: WORDS }
      const { user, sessionId } = await honest.api.register({ address: HOME }, command)
      // Its code would take the place of one that a law has made.
      await eventually(() => expect(mailed).toContain(email), { timeoutMs: 30_000 })
      return { userId: user.id, sessionId, login, password: WORDS }
    },
    async [Symbol.asyncDispose]() {
      for (const app of apps.reverse()) await app.close()
    },
  }
}

/** How an attempt ended: `done`, or the code of its refusal. */
const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => {
      if (!isRefusal(error)) throw error
      // A database with too much to do has answered nothing: such a run says nothing.
      fc.pre(error.code !== 'overloaded')
      return error.code
    },
  )
const count = (outcomes: readonly string[], which: string) => outcomes.filter((one) => one === which).length

/** Which process each attempt is made at. */
const places = (min: number, max: number) => fc.array(fc.constantFrom<0 | 1>(0, 1), { minLength: min, maxLength: max })
type Law = (open: () => Accounts) => fc.IAsyncProperty<unknown>

/** Of many who use a code for a new password at once, one sets it. */
export const codesAreUsedOnce: Law = (open) =>
  fc.asyncProperty(places(2, 6), async (at) => {
    const { apis, ports, person } = open()
    const { userId, login } = await person()
    const code = await newResetCode(ports, userId, 60_000)
    const passwords = at.map((_, i) => `the new words number ${i}`)
    const outcomes = await Promise.all(
      at.map((n, i) => outcome(apis[n].resetPassword({ address: HOME }, { code, password: passwords[i]! }))),
    )
    if (count(outcomes, 'done') !== 1) return false
    const winner = passwords[outcomes.indexOf('done')]!
    return (await outcome(apis[0].login({ address: HOME }, { login, password: winner }))) === 'done'
  })

/** Six digits are compared five times, however many try at once; then the right ones are refused. */
export const triesAreCounted: Law = (open) =>
  fc.asyncProperty(places(6, 12), async (at) => {
    const { apis, ports, person, compared } = open()
    const caller = await person()
    const address = `${caller.login}@example.org`
    await ports.accounts.setEmailPending(caller.userId, address)
    const code = await newVerifyCode(ports, caller.userId, address)
    const wrong = code === '000000' ? '111111' : '000000'
    compared.codes = 0
    await Promise.all(at.map((n) => outcome(apis[n].verifyEmail(caller, { code: wrong }))))
    if (compared.codes > 5) return false
    return (await outcome(apis[at[0]!].verifyEmail(caller, { code }))) === 'bad-code'
  })

/** Ten wrong passwords from a network are compared, however many are tried at once. */
export const guessesAreCounted: Law = (open) =>
  fc.asyncProperty(places(12, 24), async (at) => {
    const { apis, person, compared } = open()
    const { login } = await person()
    compared.passwords = 0
    await Promise.all(at.map((n, i) => outcome(apis[n].login({ address: '198.51.100.9' }, { login, password: `wrong words ${i}` }))))
    return compared.passwords <= 10
  })

const STRANGERS = 30

/** Whatever others try from their networks, the user signs in from their own; and from a strange network nobody goes on guessing. */
export const nobodyIsLockedOut: Law = (open) =>
  fc.asyncProperty(places(STRANGERS, STRANGERS), async (at) => {
    const { apis, person, compared } = open()
    const { login, password } = await person()
    for (let round = 0; round < 5; round++)
      await Promise.all(at.map((n, i) => outcome(apis[n].login({ address: `10.0.${i}.1` }, { login, password: `wrong ${round} ${i}` }))))
    compared.passwords = 0
    const strange = await outcome(apis[at[0]!].login({ address: '203.0.113.9' }, { login, password }))
    if (strange !== 'too-many-requests' || compared.passwords > 0) return false
    return (await outcome(apis[at[1]!].login({ address: HOME }, { login, password }))) === 'done'
  })

/** Of many who verify one address, one has it, and it signs that one in. */
export const oneUserHasAnEmail: Law = (open) =>
  fc.asyncProperty(places(2, 5), async (at) => {
    const { apis, ports, person } = open()
    const people = await Promise.all(at.map(() => person()))
    const address = `${people[0]!.login}@example.net`
    const codes: string[] = []
    for (const { userId } of people) {
      await ports.accounts.setEmailPending(userId, address)
      codes.push(await newVerifyCode(ports, userId, address))
    }
    const outcomes = await Promise.all(at.map((n, i) => outcome(apis[n].verifyEmail(people[i]!, { code: codes[i]! }))))
    if (count(outcomes, 'done') !== 1 || count(outcomes, 'email-taken') !== at.length - 1) throw new Error(outcomes.join())
    return (await ports.people.credentials(address))?.user.id === people[outcomes.indexOf('done')]!.userId
  })
