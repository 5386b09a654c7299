import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, useId, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { IconButton } from './button.tsx'
import css from './field.module.css'

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it. */
  readonly fault?: string | undefined
}

export function Field({ label, hint, fault, type = 'text', ...rest }: FieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const [isShown, setShown] = useState(false)
  const isPassword = type === 'password'
  const words = fault ?? hint
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
          aria-invalid={fault !== undefined}
          aria-describedby={words ? `${id}-words` : undefined}
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
        <p id={`${id}-words`} className={fault ? css.fault : css.hint}>
          {words}
        </p>
      )}
    </div>
  )
}
