import { useFetched } from '../state/people.ts'
import { useNameOf } from '../state/titles.ts'
import { isolated } from '../ui/isolated.ts'

/** Names of users by id; until they have come, nothing. */
export function useNamesById(wanted: readonly (string | undefined)[]): (id: string) => string {
  const ids = wanted.filter((id) => id !== undefined)
  const fetched = useFetched(ids)
  const nameOf = useNameOf()
  return (id) => {
    const person = fetched.get(id)
    return isolated(person ? nameOf(person) : '…')
  }
}
