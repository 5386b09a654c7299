import { errorText } from '../state/problem-text.ts'
import css from './field.module.css'

/** Why something was refused. */
export const Fault = ({ error, text }: { readonly error: unknown; readonly text?: string | undefined }) =>
  error === undefined ? null : (
    <p className={css.fault} role="alert">
      {text ?? errorText(error)}
    </p>
  )
