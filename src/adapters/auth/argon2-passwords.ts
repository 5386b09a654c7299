import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { argon2id, hash, verify } from 'argon2'
import { gate } from '../../application/gate.ts'
import type { Passwords } from '../../application/ports/passwords.ts'

export interface Argon2Options {
  /** KiB of memory for one hash. */
  readonly memoryCost?: number
  readonly timeCost?: number
  /** Hashes under way, at most. */
  readonly running?: number
  /** Hashes that wait, at most. */
  readonly waiting?: number
  /** Hashes of one owner that wait, at most. */
  readonly waitingEach?: number
}

/**
 * Hashes with argon2id at 19 MiB and two passes, one lane, as the OWASP cheat sheet on storing passwords has it: some 30 a second and
 * core, on threads of their own.
 *
 * @example
 * const passwords = argon2Passwords({ memoryCost: 1024, timeCost: 2 }) // cheap, for tests
 */
export function argon2Passwords({
  memoryCost = 19_456,
  timeCost = 2,
  running = cores(),
  waiting = 128,
  waitingEach = 32,
}: Argon2Options = {}): Passwords & { waiting(): number } {
  const options = { type: argon2id, memoryCost, timeCost, parallelism: 1 } as const
  const inTurn = gate({ places: running, waiting, waitingEach })
  /** What a password is held against where nobody has one; made at once, or the first such answer would take longer. */
  const nobodys = hash(randomBytes(16), options)
  return {
    waiting: inTurn.waiting,
    hash: (password, owner) => inTurn(() => hash(password, options), owner),
    verify: (stored, password, owner) =>
      inTurn(async () => {
        const isRight = await verify(stored ?? (await nobodys), password)
        return isRight && stored !== undefined
      }, owner),
  }
}

const cores = () => Math.max(2, availableParallelism())
