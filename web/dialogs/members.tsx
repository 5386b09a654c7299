import { UserPlus } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Chat, ChatItem, Person } from '../../src/client/index.ts'
import { addPeople } from '../../src/client/order.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { may } from '../state/rules.ts'
import { tellSkipped } from '../state/skipped.ts'
import { Button } from '../ui/button.tsx'
import { keepFocus } from '../ui/keep-focus.ts'
import type { Question } from './confirm.tsx'
import { MemberLine } from './member-line.tsx'
import css from './parts.module.css'
import { PeopleChoice } from './people-choice.tsx'

interface MembersProps {
  readonly chat: Chat
  readonly item: ChatItem
  readonly onAsk: (question: Question) => void
  readonly onClose: () => void
}

export function Members({ chat, item, onAsk, onClose }: MembersProps) {
  const { t } = useTranslation()
  const { items, status, hasMore } = useStore(chat.members)
  const [isAdding, setAdding] = useState(false)
  useEffect(() => {
    if (chat.members.get().items.length === 0) chat.loadMembers().catch(() => undefined)
  }, [chat])
  return (
    <section className={css.section}>
      <h3>{t('group.members')}</h3>
      {may(item, 'add') && !isAdding && (
        <Button onClick={() => setAdding(true)}>
          <UserPlus size={17} aria-hidden="true" />
          {t('group.add')}
        </Button>
      )}
      {isAdding && <Adding chat={chat} members={new Set(items.map(({ person }) => person.id))} onDone={() => setAdding(false)} />}
      <ul ref={keepFocus} className={css.list} aria-busy={status === 'loading'}>
        {items.map((member) => (
          <MemberLine key={member.person.id} chat={chat} member={member} role={item.role} onAsk={onAsk} onClose={onClose} />
        ))}
      </ul>
      {hasMore && <Button onClick={() => void chat.loadMembers().catch(() => undefined)}>{t('group.more')}</Button>}
    </section>
  )
}

interface AddingProps {
  readonly chat: Chat
  readonly members: ReadonlySet<string>
  readonly onDone: () => void
}

function Adding({ chat, members, onDone }: AddingProps) {
  const { t } = useTranslation()
  const client = useClient()
  const [chosen, setChosen] = useState<readonly Person[]>([])

  async function add() {
    try {
      const { skipped } = await addPeople(
        client,
        chat.id,
        chosen.map(({ id }) => id),
      )
      tellSkipped(chosen, skipped)
      onDone()
    } catch (error) {
      tell(errorText(error), { isFault: true })
    }
  }

  return (
    <div className={css.section}>
      <PeopleChoice chosen={chosen} onChange={setChosen} without={members} />
      <div className={css.foot}>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button look="strong" disabled={chosen.length === 0} onClick={() => void add()}>
          {t('group.addChosen', { count: chosen.length })}
        </Button>
      </div>
    </div>
  )
}
