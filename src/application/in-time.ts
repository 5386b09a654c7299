import type { Duration } from '../domain/ids.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Ports } from './ports/ports.ts'

const PATIENCE: Duration = 1_500

/** Runs the host's code. Refuses with `overloaded` if it takes too long. */
export const inTime = <T>({ later }: Pick<Ports, 'later'>, run: () => T | Promise<T>): Promise<T> =>
  Promise.race([
    (async () => run())(),
    new Promise<never>((_, reject) => {
      later(() => reject(new Refusal('overloaded')), PATIENCE)
    }),
  ])
