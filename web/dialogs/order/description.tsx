import { useState } from 'react'
import type { Chat } from '../../../src/client/index.ts'
import { changeGroup } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { Area } from '../../ui/area.tsx'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import css from '../parts.module.css'

/** What a group is for, to be changed. */
export function Description({ chat, text }: { readonly chat: Chat; readonly text: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const [next, setNext] = useState(text)
  const isSame = next.trim() === text

  const save = () =>
    changeGroup(client, chat.id, { description: next.trim() }).then(
      () => tell(t('settings.saved')),
      (error: unknown) => tell(errorText(error), { isFault: true }),
    )

  return (
    <Form
      className={css.section}
      onSubmit={() => {
        if (!isSame) void save()
      }}
    >
      <Area label={t('order.description')} maxLength={1_024} value={next} onChange={(event) => setNext(event.target.value)} />
      {!isSame && (
        <Button type="submit" look="strong">
          {t('order.save')}
        </Button>
      )}
    </Form>
  )
}
