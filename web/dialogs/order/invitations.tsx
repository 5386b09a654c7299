import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { Chat } from '../../../src/client/index.ts'
import { createInvitation, deleteInvitation, type Invitation, listInvitations, type NewInvitation } from '../../../src/client/order.ts'
import { useClient, useStore } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { useWhen } from '../../state/rules.ts'
import { useNameOf } from '../../state/titles.ts'
import { usePages } from '../../state/use-pages.ts'
import { Button } from '../../ui/button.tsx'
import { Paged } from '../paged.tsx'
import css from '../parts.module.css'
import { SharedLink } from '../shared-link.tsx'

const PAGE = 20

/** Links by which people come into a group: made, shown once, revoked. */
export function Invitations({ chat }: { readonly chat: Chat }) {
  const { t } = useTranslation()
  const client = useClient()
  const [link, setLink] = useState<NewInvitation>()
  const [needsApproval, setNeedsApproval] = useState(false)
  const pages = usePages(chat.id, (options) => listInvitations(client, chat.id, { ...options, limit: PAGE }))

  const run = (work: () => Promise<void>) => void work().catch((error: unknown) => tell(errorText(error), { isFault: true }))
  const create = () =>
    run(async () => {
      const made = await createInvitation(client, chat.id, { needsApproval })
      pages.change((known) => [...known.filter(({ id }) => id !== made.id), made])
      setLink(made)
    })
  const revoke = (id: string) =>
    run(async () => {
      await deleteInvitation(client, chat.id, id)
      pages.change((known) => known.filter((one) => one.id !== id))
      if (link?.id === id) setLink(undefined)
    })
  return (
    <section className={css.section}>
      <h3>{t('order.invitations')}</h3>
      <label className={css.person}>
        <input type="checkbox" className={css.check} checked={needsApproval} onChange={(event) => setNeedsApproval(event.target.checked)} />
        <span>{t('order.needsApproval')}</span>
      </label>
      <Button onClick={create}>
        <UserPlus size={17} aria-hidden="true" />
        {t('order.invite')}
      </Button>
      {link && (
        <SharedLink url={link.url} hint={t(link.needsApproval ? 'order.askingHint' : 'order.inviteHint')} testId="group-invitation" />
      )}
      <Paged pages={pages} label={t('order.invitations')}>
        {(invitation, place) => (
          <Line key={invitation.id} chat={chat} invitation={invitation} number={place + 1} onRevoke={() => revoke(invitation.id)} />
        )}
      </Paged>
    </section>
  )
}

interface LineProps {
  readonly chat: Chat
  readonly invitation: Invitation
  /** Its place in the list: links look alike. */
  readonly number: number
  readonly onRevoke: () => void
}

function Line({ chat, invitation: { createdBy, expiresAt, uses, used, needsApproval }, number, onRevoke }: LineProps) {
  const { t } = useTranslation()
  const when = useWhen()
  const maker = useStore(chat.members).items.find(({ person }) => person.id === createdBy)?.person
  const name = useNameOf()(maker)
  return (
    <li className={css.decided}>
      <div className={css.person}>
        <span className={css.words}>
          <span>{t('order.until', { when: when(expiresAt) })}</span>
          <span className={css.quiet}>
            {uses === undefined ? t('order.used', { used }) : t('order.usedOf', { used, uses })} · <bdi>{name}</bdi>
          </span>
          {needsApproval && <span className={css.quiet}>{t('order.byApproval')}</span>}
        </span>
      </div>
      <div className={css.answers}>
        <Button aria-label={t('order.revokeNumbered', { number })} onClick={onRevoke}>
          {t('order.revoke')}
        </Button>
      </div>
    </li>
  )
}
