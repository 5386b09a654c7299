import { Ellipsis } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger, Popover, Button as TriggerButton } from 'react-aria-components'
import type { Chat, Member, Role } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { openChat } from '../state/route.ts'
import { useNameOf } from '../state/titles.ts'
import buttons from '../ui/button.module.css'
import menus from '../ui/menu.module.css'
import type { Question } from './confirm.tsx'
import css from './parts.module.css'
import { PersonLine } from './person-line.tsx'

interface MemberLineProps {
  readonly chat: Chat
  readonly member: Member
  /** One's own. */
  readonly role: Role
  readonly onAsk: (question: Question) => void
  readonly onClose: () => void
}

export function MemberLine({ member, ...rest }: MemberLineProps) {
  const { t } = useTranslation()
  const me = useStore(useClient().account.me)
  const isMe = member.person.id === me?.id
  return (
    <li className={css.person}>
      <PersonLine person={member.person} note={isMe ? t('message.you') : undefined} />
      {member.role !== 'member' && <span className={css.role}>{t(`group.role.${member.role}`)}</span>}
      {!isMe && <MemberMenu member={member} {...rest} />}
    </li>
  )
}

function MemberMenu({ chat, member, role, onAsk, onClose }: MemberLineProps) {
  const { t } = useTranslation()
  const { chats } = useClient()
  const { person } = member
  const name = useNameOf()(person)
  const isOwner = role === 'owner'
  const mayRemove = isOwner || (role === 'admin' && member.role === 'member')

  const run = (work: () => Promise<unknown>) => void work().catch((error: unknown) => tell(errorText(error), { isFault: true }))
  const write = () =>
    run(async () => {
      openChat((await chats.openPrivate(person.id)).id)
      onClose()
    })
  const give = () =>
    onAsk({
      title: t('group.confirmOwner', { name }),
      hint: t('group.confirmOwnerHint'),
      yes: t('group.makeOwner'),
      run: () => chat.changeRole(person.id, 'owner'),
    })
  const remove = () =>
    onAsk({
      title: t('group.confirmRemove', { name }),
      hint: t('group.confirmRemoveHint'),
      yes: t('group.remove'),
      run: () => chat.removeMember(person.id),
    })

  return (
    <MenuTrigger>
      <TriggerButton className={buttons.icon ?? ''} aria-label={t('group.actionsFor', { name })}>
        <Ellipsis size={18} />
      </TriggerButton>
      <Popover className={menus.popover ?? ''} placement="bottom end">
        <Menu className={menus.menu ?? ''}>
          <MenuItem className={menus.item ?? ''} onAction={write}>
            {t('group.write')}
          </MenuItem>
          {isOwner && member.role === 'member' && (
            <MenuItem className={menus.item ?? ''} onAction={() => run(() => chat.changeRole(person.id, 'admin'))}>
              {t('group.makeAdmin')}
            </MenuItem>
          )}
          {isOwner && member.role === 'admin' && (
            <MenuItem className={menus.item ?? ''} onAction={() => run(() => chat.changeRole(person.id, 'member'))}>
              {t('group.makeMember')}
            </MenuItem>
          )}
          {isOwner && (
            <MenuItem className={menus.item ?? ''} onAction={give}>
              {t('group.makeOwner')}
            </MenuItem>
          )}
          {mayRemove && (
            <MenuItem className={`${menus.item} ${menus.danger}`} onAction={remove}>
              {t('group.remove')}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
