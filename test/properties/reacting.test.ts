import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combiner } from '../../src/application/messages/reacting.ts'
import type { Reacted } from '../../src/domain/reacting.ts'
import { NO_REACTIONS } from '../../src/domain/reaction.ts'
import { tries } from '../support/tries.ts'
import { combines, type Make } from './reacting.ts'

const saboteurs: readonly { readonly that: string; readonly make: Make }[] = [
  {
    that: 'answers before the commit',
    make(needs, limits) {
      const real = combiner(needs, limits)
      return { ...real, react: async (...asked) => (void real.react(...asked).catch(() => {}), { ...NO_REACTIONS, changedSeq: 1 }) }
    },
  },
  {
    that: 'drops what somebody does while an earlier one of theirs is under way',
    make(needs, limits) {
      const real = combiner(needs, limits)
      const pending = new Map<string, Promise<Reacted>>()
      return {
        ...real,
        react(chatId, command) {
          const name = `${command.userId} ${command.messageId}`
          const before = pending.get(name)
          if (before) return before
          const done = real.react(chatId, command).finally(() => pending.delete(name))
          pending.set(name, done)
          return done
        },
      }
    },
  },
  {
    that: 'lets a refusal undo its neighbours',
    make: (needs, limits) =>
      combiner(
        {
          ...needs,
          log: {
            ...needs.log,
            change: (scope, decide) =>
              needs.log.change(scope, (state) => {
                const decided = decide(state)
                const { outcomes } = decided.result as { outcomes: readonly { readonly refusal?: Error }[] }
                for (const { refusal } of outcomes) if (refusal) throw refusal
                return decided
              }),
          },
        },
        limits,
      ),
  },
  {
    that: 'carries out the later of two first',
    make(needs, limits) {
      const real = combiner(needs, limits)
      let held: (() => void) | undefined
      return {
        ...real,
        react: (...asked) =>
          new Promise((resolve, reject) => {
            const begin = () => void real.react(...asked).then(resolve, reject)
            if (!held) {
              held = begin
              needs.later(() => held?.(), 0)
              return
            }
            begin()
            held()
            held = undefined
          }),
      }
    },
  },
  { that: 'gathers in small chats', make: (needs, limits) => combiner(needs, { ...limits, small: 0 }) },
  {
    that: 'commits side by side',
    make(needs, limits) {
      const [one, other] = [combiner(needs, limits), combiner(needs, limits)]
      let n = 0
      return { ...one, react: (...asked) => (n++ % 2 ? one : other).react(...asked) }
    },
  },
]

describe('the combiner of reactions', { retry: 0 }, () => {
  it('answers as if each were alone, after the commit, in order', { timeout: 20_000 }, async () => {
    await expect(fc.assert(combines(combiner), { numRuns: tries(400) })).resolves.toBeUndefined()
  })

  it.each(saboteurs)('would be noticed if it $that', { timeout: 20_000 }, async ({ make }) => {
    expect(await fc.check(combines(make), { numRuns: 300, endOnFailure: true })).toMatchObject({ failed: true })
  })
})
