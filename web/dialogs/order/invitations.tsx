import { Link2, UserPlus } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Chat } from '../../../src/client/index.ts'
import { createInvitation, deleteInvitation, type Invitation, listInvitations } from '../../../src/client/order.ts'
import { useClient, useStore } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { useWhen } from '../../state/rules.ts'
import { useNameOf } from '../../state/titles.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy.ts'
import css from '../parts.module.css'

const LIMIT = 100

/** Links by which people come into a group: made, shown once, revoked. */
export function Invitations({ chat }: { readonly chat: Chat }) {
  const { t } = useTranslation()
  const client = useClient()
  const [all, setAll] = useState<readonly Invitation[]>([])
  const [link, setLink] = useState<{ readonly id: string; readonly url: string }>()
  useEffect(() => {
    const aborted = new AbortController()
    listInvitations(client, chat.id, { limit: LIMIT, signal: aborted.signal }).then(
      ({ items }) => setAll(items),
      () => undefined,
    )
    return () => aborted.abort()
  }, [client, chat])

  const run = (work: () => Promise<void>) => void work().catch((error: unknown) => tell(errorText(error), { isFault: true }))
  const create = () =>
    run(async () => {
      const made = await createInvitation(client, chat.id)
      setAll((known) => [...known, made])
      setLink({ id: made.id, url: made.url })
    })
  const revoke = (id: string) =>
    run(async () => {
      await deleteInvitation(client, chat.id, id)
      setAll((known) => known.filter((one) => one.id !== id))
      if (link?.id === id) setLink(undefined)
    })
  return (
    <section className={css.section}>
      <h3>{t('order.invitations')}</h3>
      <Button onClick={create}>
        <UserPlus size={17} aria-hidden="true" />
        {t('order.invite')}
      </Button>
      {link && <Shown url={link.url} />}
      <ul className={css.list}>
        {all.map((invitation) => (
          <Line key={invitation.id} chat={chat} invitation={invitation} onRevoke={() => revoke(invitation.id)} />
        ))}
      </ul>
    </section>
  )
}

function Shown({ url }: { readonly url: string }) {
  const { t } = useTranslation()
  return (
    <>
      <div className={css.invitation}>
        <span className={css.link} data-testid="group-invitation">
          {url}
        </span>
        <Button onClick={() => void copyText(url).then((isCopied) => isCopied && tell(t('settings.copied')))}>
          <Link2 size={17} aria-hidden="true" />
          {t('settings.copy')}
        </Button>
      </div>
      <p className={css.quiet}>{t('order.inviteHint')}</p>
    </>
  )
}

interface LineProps {
  readonly chat: Chat
  readonly invitation: Invitation
  readonly onRevoke: () => void
}

function Line({ chat, invitation: { createdBy, expiresAt, uses, used }, onRevoke }: LineProps) {
  const { t } = useTranslation()
  const when = useWhen()
  const maker = useStore(chat.members).items.find(({ person }) => person.id === createdBy)?.person
  const name = useNameOf()(maker)
  return (
    <li className={css.person}>
      <span className={css.words}>
        <span>{t('order.until', { when: when(expiresAt) })}</span>
        <span className={css.quiet}>
          {uses === undefined ? t('order.used', { used }) : t('order.usedOf', { used, uses })} · <bdi>{name}</bdi>
        </span>
      </span>
      <Button onClick={onRevoke}>{t('order.revoke')}</Button>
    </li>
  )
}
