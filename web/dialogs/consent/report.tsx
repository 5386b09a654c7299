import { useState } from 'react'
import { type NewReport, reportMessage } from '../../../src/client/order.ts'
import { useClient, useIsBlocked } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { setBlocked } from '../../state/blocks.ts'
import { tell } from '../../state/notices.ts'
import { useNames } from '../../state/people.ts'
import { errorText } from '../../state/problem-text.ts'
import { Area } from '../../ui/area.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Form } from '../../ui/form.tsx'
import { isolated } from '../../ui/isolated.ts'
import { Frame } from '../frame.tsx'
import css from '../parts.module.css'

interface ReportProps {
  readonly chatId: string
  readonly messageId: string
  readonly senderId: string
  readonly onClose: () => void
}

const reasons = ['spam', 'abuse', 'illegal', 'other'] as const
const LONGEST = 1_000

/** Tells the staff of the service of a message. */
export function Report({ chatId, messageId, senderId, onClose }: ReportProps) {
  const { t } = useTranslation()
  const client = useClient()
  const [reason, setReason] = useState<NewReport['reason']>('spam')
  const [comment, setComment] = useState('')
  const [blocksToo, setBlocksToo] = useState(false)
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const isBlocked = useIsBlocked(senderId)
  const name = useNames(client.chat(chatId), [senderId])(senderId) ?? t('chat.deletedPerson')

  async function send() {
    setBusy(true)
    setError(undefined)
    try {
      await reportMessage(client, { chatId, messageId, reason, comment: comment.trim() || undefined })
      if (blocksToo) await setBlocked(client, { id: senderId }, true)
      onClose()
      tell(t('report.thanks'))
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }

  return (
    <Frame title={t('report.title')} onClose={onClose}>
      <Form onSubmit={() => void send()}>
        <div className={css.body}>
          <Choice
            label={t('report.reason')}
            options={reasons.map((value) => ({ value, text: t(`report.reasons.${value}`) }))}
            value={reason}
            onChoose={setReason}
          />
          <Area label={t('report.comment')} maxLength={LONGEST} value={comment} onChange={(event) => setComment(event.target.value)} />
          {!isBlocked && (
            <label className={css.person}>
              <input type="checkbox" className={css.check} checked={blocksToo} onChange={(event) => setBlocksToo(event.target.checked)} />
              <span>{t('report.blockToo', { name: isolated(name) })}</span>
            </label>
          )}
          <p className={css.quiet}>{t('report.hint')}</p>
          {error !== undefined && (
            <p className={css.fault} role="alert">
              {errorText(error)}
            </p>
          )}
        </div>
        <footer className={css.foot}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="strong" disabled={isBusy}>
            {t('report.send')}
          </Button>
        </footer>
      </Form>
    </Frame>
  )
}
