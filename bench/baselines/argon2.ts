import { availableParallelism } from 'node:os'
import { argon2id, hash, verify } from 'argon2'
import { tally } from '../children/closed-loop.ts'
import { answering } from '../measure/child.ts'

/** Passwords checked on all processors, and nothing else. */
let isOn = false
let workers: Promise<void>[] = []
let done = tally()

const stored = await hash('correct horse battery', { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 })

async function check(): Promise<void> {
  while (isOn) {
    if (!(await verify(stored, 'correct horse battery'))) throw new Error('wrong')
    done.count()
  }
}

answering({
  hashed: (password: string) => hash(password, { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  begin() {
    isOn = true
    done = tally()
    workers = Array.from({ length: Math.max(2, availableParallelism()) }, check)
  },
  mark: () => done.mark(),
  async end() {
    isOn = false
    await Promise.all(workers)
  },
})
