import type { UserId } from '../../domain/ids.ts'
import type { People, UserChange } from '../ports/people.ts'

/** Whether a change is one of what others see of a user. */
const isShown = ({ name, username, avatarUrl, kind }: Partial<UserChange>): boolean =>
  [name, username, avatarUrl, kind].some((value) => value !== undefined)

/** The same users; `changed` hears of those who are shown otherwise, whichever call has changed them. */
export const toldPeople = (people: People, changed: (userIds: readonly UserId[]) => void): People => ({
  ...people,
  async rename(id, change, deed) {
    const outcome = await people.rename(id, change, deed)
    if (outcome === 'renamed' && isShown(change)) changed([id])
    return outcome
  },
  async save(added, changes) {
    const outcome = await people.save(added, changes)
    if (outcome === 'saved') changed(changes.filter(isShown).map(({ id }) => id))
    return outcome
  },
})
