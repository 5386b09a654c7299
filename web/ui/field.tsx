import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useId, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { IconButton } from './button.tsx'
import css from './field.module.css'

/** What a browser finds wrong, in the order in which it is said. */
const flaws = ['valueMissing', 'typeMismatch', 'tooShort'] as const
type Flaw = (typeof flaws)[number]

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it. */
  readonly fault?: string | undefined
}

/** A field with its label. In a `Form` it says itself what of it is missing or malformed, until it is changed. */
export function Field({ label, hint, fault, type = 'text', onChange, ...rest }: FieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const [isShown, setShown] = useState(false)
  const [flaw, setFlaw] = useState<Flaw>()
  const isPassword = type === 'password'
  const wrong = flaw ? t(`field.${flaw}`, { min: rest.minLength ?? 0 }) : fault
  const words = wrong ?? hint
  return (
    <div className={css.field}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      <span className={css.box}>
        <input
          id={id}
          type={isPassword && isShown ? 'text' : type}
          className={css.input}
          aria-invalid={wrong !== undefined}
          aria-describedby={words ? `${id}-words` : undefined}
          onInvalid={({ currentTarget: { validity } }) => setFlaw(flaws.find((each) => validity[each]))}
          onChange={(event) => {
            setFlaw(undefined)
            onChange?.(event)
          }}
          {...rest}
        />
        {isPassword && (
          <IconButton
            label={isShown ? t('auth.hidePassword') : t('auth.showPassword')}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? <EyeOff size={18} /> : <Eye size={18} />}
          </IconButton>
        )}
      </span>
      {words && (
        <p id={`${id}-words`} className={wrong ? css.fault : css.hint}>
          {words}
        </p>
      )}
    </div>
  )
}
