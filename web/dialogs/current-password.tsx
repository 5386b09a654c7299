import { useTranslation } from '../i18n/use-translation.ts'
import { Field } from '../ui/field.tsx'

interface CurrentPasswordProps {
  readonly name: string
  readonly isWrong: boolean
  /** Whether it has the focus at the beginning. */
  readonly isFirst?: boolean
}

/** Asks for the present password before something that nobody else is to do. */
export function CurrentPassword({ name, isWrong, isFirst = true }: CurrentPasswordProps) {
  const { t } = useTranslation()
  return (
    <Field
      name={name}
      type="password"
      label={t('settings.currentPassword')}
      fault={isWrong ? t('settings.wrongPassword') : undefined}
      autoComplete="current-password"
      maxLength={128}
      autoFocus={isFirst}
      required
    />
  )
}
