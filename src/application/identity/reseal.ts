import type { Count } from '../../domain/ids.ts'
import type { Ports } from '../ports/ports.ts'

const AT_ONCE: Count = 200

/**
 * Seals the secrets of authenticator apps with the present secret of the service, so that the one before may go. Returns how many there were.
 * What no secret opens stays as it is.
 */
export async function resealFactors({ factors, seals }: Pick<Ports, 'factors' | 'seals'>): Promise<Count> {
  let count = 0
  let after: string | undefined
  for (;;) {
    const some = await factors.sealedOtherwise(seals.mark, { after, limit: AT_ONCE })
    for (const { id, secret } of some) {
      const opened = seals.open(secret)
      if (opened === undefined) continue
      await factors.reseal(id, seals.seal(opened))
      count++
    }
    if (some.length < AT_ONCE) return count
    after = some.at(-1)!.id
  }
}
