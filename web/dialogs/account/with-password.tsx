import type { ReactNode } from 'react'
import { isProblem } from '../../../src/client/index.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { passkeyText } from '../../session/passkeys.ts'
import { useDeed } from '../../state/use-deed.ts'
import { Button } from '../../ui/button.tsx'
import { entry } from '../../ui/entry.ts'
import { Fault } from '../../ui/fault.tsx'
import { Form } from '../../ui/form.tsx'
import { CurrentPassword } from '../current-password.tsx'
import css from '../parts.module.css'

interface WithPasswordProps {
  /** What is done, on the button that does it. */
  readonly words: string
  readonly hint?: ReactNode
  readonly look?: 'strong' | 'danger'
  readonly run: (password: string) => Promise<unknown>
  /** It is done, or not wanted any more. */
  readonly onEnd: () => void
}

/** Asks for the password before something that changes who can sign in. */
export function WithPassword({ words, hint, look = 'strong', run: work, onEnd }: WithPasswordProps) {
  const { t } = useTranslation()
  const { error, isBusy, run } = useDeed()
  const isWrong = isProblem(error) && error.code === 'bad-credentials'
  return (
    <Form
      className={css.section}
      onSubmit={(form) => {
        const password = entry(new FormData(form), 'current')
        void run(() => work(password)).then((isDone) => isDone && onEnd())
      }}
    >
      {hint !== undefined && <p className={css.quiet}>{hint}</p>}
      <CurrentPassword name="current" isWrong={isWrong} />
      {!isWrong && <Fault error={error} text={passkeyText(error)} />}
      <div className={css.actions}>
        <Button type="submit" look={look} disabled={isBusy}>
          {words}
        </Button>
        <Button onClick={onEnd}>{t('common.cancel')}</Button>
      </div>
    </Form>
  )
}
