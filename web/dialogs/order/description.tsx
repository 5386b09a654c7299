import { useId, useState } from 'react'
import type { Chat } from '../../../src/client/index.ts'
import { changeGroup } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { Button } from '../../ui/button.tsx'
import field from '../../ui/field.module.css'
import css from '../parts.module.css'

/** What a group is for, to be changed. */
export function Description({ chat, text }: { readonly chat: Chat; readonly text: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const id = useId()
  const [next, setNext] = useState(text)
  const isSame = next.trim() === text

  const save = () =>
    changeGroup(client, chat.id, { description: next.trim() }).then(
      () => tell(t('settings.saved')),
      (error: unknown) => tell(errorText(error), { isFault: true }),
    )

  return (
    <form
      className={css.section}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isSame) void save()
      }}
    >
      <div className={field.field}>
        <label htmlFor={id} className={field.label}>
          {t('order.description')}
        </label>
        <span className={field.box}>
          <textarea
            id={id}
            className={field.input}
            rows={3}
            maxLength={1_024}
            dir="auto"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        </span>
      </div>
      {!isSame && (
        <Button type="submit" look="strong">
          {t('order.save')}
        </Button>
      )}
    </form>
  )
}
