import { X } from 'lucide-react'
import type { Person } from '../../src/client/index.ts'
import { useNameOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import css from './parts.module.css'
import { PeopleSearch } from './people-search.tsx'
import { PersonLine } from './person-line.tsx'

interface PeopleChoiceProps {
  readonly chosen: readonly Person[]
  readonly onChange: (chosen: readonly Person[]) => void
  /** Those who need not be asked any more. */
  readonly without?: ReadonlySet<string>
}

/** Several people, picked one by one. */
export function PeopleChoice({ chosen, onChange, without }: PeopleChoiceProps) {
  const nameOf = useNameOf()
  const isChosen = (person: Person) => chosen.some(({ id }) => id === person.id)
  const toggle = (person: Person) => onChange(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person])
  return (
    <>
      {chosen.length > 0 && (
        <ul className={css.chips}>
          {chosen.map((person) => (
            <li key={person.id}>
              <button type="button" className={css.chip} onClick={() => toggle(person)}>
                <Avatar id={person.id} name={person.name} size={24} />
                {nameOf(person)}
                <X size={14} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <PeopleSearch>
        {(person) =>
          without?.has(person.id) ? null : (
            <label className={css.person}>
              <PersonLine person={person} />
              <input type="checkbox" data-stop="" className={css.check} checked={isChosen(person)} onChange={() => toggle(person)} />
            </label>
          )
        }
      </PeopleSearch>
    </>
  )
}
