import type { Ports } from '../ports/ports.ts'
import { type EndSessions, endAll } from './end-sessions.ts'
import { type ErasureNeeds, finishErasure } from './finish-erasure.ts'
import type { Policy } from './policy.ts'

const AT_ONCE = 100

/** Deletes guests whom nobody has used for as long as a guest lasts, and returns how many. */
export const forgetGuests =
  (needs: ErasureNeeds & Pick<Ports, 'sessions'> & { readonly policy: Policy }, end: EndSessions) => async (): Promise<number> => {
    const { people, clock, policy } = needs
    if (policy.guestTtl === undefined) return 0
    const ids = await people.idleGuests(clock() - policy.guestTtl, AT_ONCE)
    for (const id of ids) {
      await people.erase(id, clock())
      await endAll({ ...needs, end }, id)
      await finishErasure(needs, id)
    }
    return ids.length
  }
