import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { errorText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { Frame } from './frame.tsx'
import css from './parts.module.css'

export interface Question {
  readonly title: string
  readonly hint: string
  /** What saying yes is called, and does. */
  readonly yes: string
  /** Unless something is lost by it. */
  readonly look?: 'strong'
  readonly run: () => Promise<unknown>
  /** Another way to say yes. */
  readonly other?: { readonly text: string; readonly run: () => Promise<unknown> }
}

export function Confirm({ question, onClose }: { readonly question: Question; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  async function answer(run: () => Promise<unknown>) {
    setBusy(true)
    try {
      await run()
      onClose()
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }

  return (
    <Frame title={question.title} onClose={onClose} isAlert>
      <div className={css.body}>
        <p className={css.quiet}>{question.hint}</p>
        {error !== undefined && (
          <p className={css.fault} role="alert">
            {errorText(error)}
          </p>
        )}
      </div>
      <footer className={css.foot}>
        <Button autoFocus onClick={onClose}>
          {t('common.cancel')}
        </Button>
        {question.other && (
          <Button look="danger" disabled={isBusy} onClick={() => void answer(question.other!.run)}>
            {question.other.text}
          </Button>
        )}
        <Button look={question.look ?? 'danger'} disabled={isBusy} onClick={() => void answer(question.run)}>
          {question.yes}
        </Button>
      </footer>
    </Frame>
  )
}
