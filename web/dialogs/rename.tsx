import { useState } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import css from './parts.module.css'

export function Rename({ chat, name }: { readonly chat: Chat; readonly name: string }) {
  const { t } = useTranslation()
  const [next, setNext] = useState(name)
  const [error, setError] = useState<unknown>()
  const isSame = next.trim() === '' || next.trim() === name

  async function rename() {
    try {
      await chat.rename(next.trim())
      tell(t('settings.saved'))
    } catch (refused) {
      setError(refused)
    }
  }

  return (
    <Form
      className={css.section}
      onSubmit={() => {
        if (!isSame) void rename()
      }}
    >
      <Field
        label={t('group.name')}
        value={next}
        maxLength={128}
        autoComplete="off"
        fault={error === undefined ? undefined : errorText(error)}
        onChange={(event) => setNext(event.target.value)}
      />
      {!isSame && (
        <Button type="submit" look="strong">
          {t('group.rename')}
        </Button>
      )}
    </Form>
  )
}
