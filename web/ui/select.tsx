import { useId } from 'react'
import css from './field.module.css'

interface SelectProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly text: string; readonly isOff?: boolean }[]
  readonly isOff?: boolean
  readonly onChoose: (value: T) => void
}

/** One of several. */
export function Select<T extends string>({ label, value, options, isOff = false, onChoose }: SelectProps<T>) {
  const id = useId()
  return (
    <div className={css.field}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      <span className={css.box}>
        <select id={id} className={css.input} value={value} disabled={isOff} onChange={(event) => onChoose(event.target.value as T)}>
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.isOff}>
              {option.text}
            </option>
          ))}
        </select>
      </span>
    </div>
  )
}
