import { Ellipsis } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger, Popover, Button as TriggerButton } from 'react-aria-components'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { useWhen } from '../state/rules.ts'
import { useNameOf } from '../state/titles.ts'
import { useNow } from '../state/use-now.ts'
import buttons from '../ui/button.module.css'
import { classes } from '../ui/classes.ts'
import menus from '../ui/menu.module.css'
import { type MemberDeeds, useDeeds } from './member-deeds.ts'
import css from './parts.module.css'
import { PersonLine } from './person-line.tsx'

export function MemberLine({ member, ...rest }: MemberDeeds) {
  const { t } = useTranslation()
  const me = useStore(useClient().account.me)
  const isMe = member.person.id === me?.id
  const when = useWhen()
  const now = useNow()
  const muted = (member.mutedUntil ?? 0) > now ? t('order.mutedUntil', { when: when(member.mutedUntil!) }) : undefined
  return (
    <li className={css.person}>
      <PersonLine person={member.person} note={isMe ? t('message.you') : muted} />
      {member.role !== 'member' && <span className={css.role}>{t(`group.role.${member.role}`)}</span>}
      {!isMe && <MemberMenu member={member} {...rest} />}
    </li>
  )
}

function MemberMenu(props: MemberDeeds) {
  const { t } = useTranslation()
  const deeds = useDeeds(props)
  const name = useNameOf()(props.member.person)
  const run = (work: () => Promise<unknown>) => void work().catch((error: unknown) => tell(errorText(error), { isFault: true }))
  return (
    <MenuTrigger>
      <TriggerButton className={buttons.icon ?? ''} aria-label={t('group.actionsFor', { name })}>
        <Ellipsis size={18} />
      </TriggerButton>
      <Popover className={menus.popover ?? ''} placement="bottom end">
        <Menu className={menus.menu ?? ''}>
          {deeds.map(({ text, isDanger, run: deed }) => (
            <MenuItem key={text} className={classes(menus.item, isDanger && menus.danger)} onAction={() => run(deed)}>
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
