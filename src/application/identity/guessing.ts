import type { Duration, UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import { countOne, type TallyRule, withoutOne } from '../../domain/tally.ts'
import { subnetOf } from '../network.ts'
import type { Ports } from '../ports/ports.ts'

const MINUTE: Duration = 60_000
const HOUR = 60 * MINUTE
/** How long a network stays known that the user was signed in from. */
export const KNOWN_FOR: Duration = 90 * 24 * HOUR

/** Wrong passwords for one user from one network: then every further one closes it for twice as long as the last one. */
const FROM_A_NETWORK: TallyRule = {
  times: 10,
  within: MINUTE,
  closedFor: (count) => Math.min(15 * MINUTE, MINUTE * 2 ** (count - 10)),
}
/** Wrong passwords for one user from all networks: then those from which the user was not signed in are closed. */
const FROM_ANYWHERE: TallyRule = { times: 100, within: HOUR }

export type GuessingNeeds = Pick<Ports, 'tallies' | 'limitTallies' | 'networks' | 'clock' | 'digest'>

export interface Guess {
  /** Whose password it would be; undefined if nobody has the login. */
  readonly userId: UserId | undefined
  /** In normal form; it is counted where nobody has it. */
  readonly login: string
  readonly address: string | undefined
}

/** The network of a call for wrong passwords; calls within the process have no address. */
export const guessedFrom = (address: string | undefined): string => (address === undefined ? 'this process' : subnetOf(address))

/**
 * Checks what might be a guess: it is counted as a wrong one before it is checked, and no longer when it turns out right or could not be checked.
 * Refuses with `too-many-requests`, without checking, when there were too many wrong ones. See docs/decisions/0032-nobody-is-locked-out.md.
 */
export async function asGuess(needs: GuessingNeeds, { userId, login, address }: Guess, isRight: () => Promise<boolean>): Promise<boolean> {
  const { networks, clock, digest, limitTallies: tallies = needs.tallies } = needs
  const network = guessedFrom(address)
  const subject = userId ?? `login ${login}`
  const now = clock()
  const counted: string[] = []
  const giveBack = async () => {
    for (const key of counted)
      await tallies.change(key, (tally) => (tally ? { tally: withoutOne(tally), result: undefined } : { result: undefined }))
  }
  const count = async (name: string, rule: TallyRule) => {
    const key = digest(`password ${name}`)
    const closedFor = await tallies.change(key, (tally) => countOne(tally, rule, now))
    if (closedFor === undefined) counted.push(key)
    return closedFor
  }

  const here = await count(`${subject} ${network}`, FROM_A_NETWORK)
  if (here !== undefined) throw tooMany(here, FROM_A_NETWORK)
  const anywhere = await count(subject, FROM_ANYWHERE)
  let isWrong = false
  try {
    const isOpen = anywhere === undefined || (userId !== undefined && (await networks.isKnown(userId, network, now - KNOWN_FOR)))
    if (!isOpen) throw tooMany(anywhere, FROM_ANYWHERE)
    isWrong = !(await isRight())
    return !isWrong
  } finally {
    if (!isWrong) await giveBack()
  }
}

const tooMany = (retryAfterMs: Duration, { times, within }: TallyRule): Refusal =>
  new Refusal('too-many-requests', { retryAfterMs, policy: { name: 'login', quota: times, windowMs: within } })
