import { type ComponentProps, useId } from 'react'
import css from './field.module.css'

/** A text of several lines. */
export function Area({ label, ...rest }: Omit<ComponentProps<'textarea'>, 'id'> & { readonly label: string }) {
  const id = useId()
  return (
    <div className={css.field}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      <span className={css.box}>
        <textarea id={id} className={css.input} rows={3} dir="auto" {...rest} />
      </span>
    </div>
  )
}
