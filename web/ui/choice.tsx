import { useId } from 'react'
import css from './choice.module.css'

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly { readonly value: T; readonly text: string; readonly lang?: string }[]
  readonly value: string
  readonly onChoose: (value: T) => void
}

/** One of a few, all in sight. */
export function Choice<T extends string>({ label, options, value, onChoose }: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset className={css.choice} aria-label={label}>
      {options.map((option) => (
        <label key={option.value} lang={option.lang} className={css.option}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChoose(option.value)} />
          {option.text}
        </label>
      ))}
    </fieldset>
  )
}
