import { isProblem } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { errorText } from '../state/problem-text.ts'
import { Fault } from '../ui/fault.tsx'
import { Field } from '../ui/field.tsx'

interface CodeFieldProps {
  readonly name: string
  readonly label: string
  /** Why the form was refused: a wrong code is said at the field, all else below it. */
  readonly error: unknown
  readonly autoFocus?: boolean
}

export const isWrongCode = (error: unknown): boolean => isProblem(error) && error.code === 'bad-code'
/** The service asks for a second factor, which is no fault. */
export const asksForSecond = (error: unknown): boolean => isProblem(error) && error.code === 'second-factor'

/** For a code that was mailed, printed, or shown by an app. */
export function CodeField({ error, ...rest }: CodeFieldProps) {
  const { t } = useTranslation()
  const isWrong = isWrongCode(error)
  return (
    <>
      <Field
        {...rest}
        fault={isWrong ? t('problem.bad-code') : undefined}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={128}
        required
      />
      {error !== undefined && !isWrong && !asksForSecond(error) && <Fault error={error} text={errorText(error)} />}
    </>
  )
}
