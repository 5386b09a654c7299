import { useState } from 'react'
import { type InspectedChat, inspectChat, removeChat } from '../../src/client/admin.ts'
import { isProblem } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import parts from '../dialogs/parts.module.css'
import { fullTime, localeOf } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { entry } from '../ui/entry.ts'
import { Fault } from '../ui/fault.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import css from './admin.module.css'
import { Asking } from './asking.tsx'

const ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i

/** Any chat by its id, or by an address that has it: what staff may see of it, and its end. */
export function Chats() {
  const { t } = useTranslation()
  const client = useClient()
  const { error, isBusy, run } = useDeed()
  const [chat, setChat] = useState<InspectedChat>()
  const [isWrong, setWrong] = useState(false)
  const look = (form: FormData) => {
    const [id] = ID.exec(entry(form, 'chat')) ?? []
    setWrong(id === undefined)
    setChat(undefined)
    if (id !== undefined) void run(async () => setChat(await inspectChat(client, id)))
  }
  const isGone = isProblem(error) && error.code === 'chat-not-found'
  return (
    <section className={parts.section}>
      <h3>{t('admin.tab.chats')}</h3>
      <Form className={parts.section} onSubmit={(form) => look(new FormData(form))}>
        <Field
          label={t('admin.chats.find')}
          name="chat"
          required
          autoComplete="off"
          hint={t('admin.chats.hint')}
          fault={isWrong ? t('admin.chats.wrong') : undefined}
        />
        <div className={parts.actions}>
          <Button type="submit" disabled={isBusy}>
            {t('admin.chats.look')}
          </Button>
        </div>
      </Form>
      <Fault error={error} text={isGone ? t('admin.chats.gone') : undefined} />
      {chat && <Inspected key={chat.id} chat={chat} onGone={() => setChat(undefined)} />}
    </section>
  )
}

function Inspected({ chat, onGone }: { readonly chat: InspectedChat; readonly onGone: () => void }) {
  const { t, i18n } = useTranslation()
  const client = useClient()
  const number = new Intl.NumberFormat(localeOf(i18n.language))
  const question = {
    title: t('admin.chats.confirmDelete'),
    hint: t('admin.chats.confirmDeleteHint'),
    yes: t('admin.chats.delete'),
    async run() {
      await removeChat(client, chat.id)
      tell(t('admin.chats.nowDeleted'))
      onGone()
    },
  }
  return (
    <div className={css.card} role="group" aria-label={chat.name ?? t('admin.chats.private')}>
      <bdi className={parts.name}>{chat.name ?? t('admin.chats.private')}</bdi>
      <dl className={css.facts}>
        <dt>{t('admin.chats.members')}</dt>
        <dd>{number.format(chat.memberCount)}</dd>
        <dt>{t('admin.chats.events')}</dt>
        <dd>{number.format(chat.headSeq)}</dd>
        <dt>{t('admin.chats.created')}</dt>
        <dd>{fullTime(i18n.language, chat.createdAt)}</dd>
        <dt>{t('admin.chats.id')}</dt>
        <dd>{chat.id}</dd>
      </dl>
      <Asking look="danger" question={question}>
        {t('admin.chats.delete')}
      </Asking>
    </div>
  )
}
