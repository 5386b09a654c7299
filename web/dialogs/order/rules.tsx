import type { Chat, ChatItem, Role } from '../../../src/client/index.ts'
import { changeGroup, type RulesChange } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { spanOf } from '../../i18n/times.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { Select } from '../../ui/select.tsx'
import type { Question } from '../confirm.tsx'
import css from '../parts.module.css'

const DEEDS = ['post', 'add', 'invite'] as const
const ROLES: readonly Role[] = ['member', 'admin', 'owner']
const PACES = [0, 10, 30, 60, 300, 900, 3_600, 21_600]
const DAY = 86_400
/** How long texts stay; 0: as long as the group does. */
const STAYS = [0, DAY, 7 * DAY, 30 * DAY, 365 * DAY]

interface RulesProps {
  readonly chat: Chat
  readonly item: ChatItem
  readonly onAsk: (question: Question) => void
}

/** Who may what in a group, for those who may change it. Each choice is saved at once. */
export function RulesOf({ chat, item, onAsk }: RulesProps) {
  const { t, i18n } = useTranslation()
  const client = useClient()
  const { rules, role } = item
  // What an earlier version of the service told, and the browser has kept, does not say it.
  const kept = rules?.keepS ?? 0
  if (!rules) return null
  const { slowS } = rules
  const save = (next: RulesChange) => changeGroup(client, chat.id, { rules: next })
  const change = (next: RulesChange) => void save(next).catch((error: unknown) => tell(errorText(error), { isFault: true }))
  const spans = (usual: readonly number[], now: number, none: string) =>
    (usual.includes(now) ? usual : [...usual, now].toSorted((a, b) => a - b)).map((seconds) => ({
      value: String(seconds),
      text: seconds === 0 ? none : spanOf(i18n.language, seconds),
    }))
  const keep = (keepS: number) => {
    const isLonger = keepS === 0 || (kept !== 0 && keepS > kept)
    if (isLonger) return change({ keepS })
    onAsk({
      title: t('order.confirmKeep', { span: spanOf(i18n.language, keepS) }),
      hint: t('order.confirmKeepHint'),
      yes: t('order.confirmKeepYes'),
      run: () => save({ keepS }),
    })
  }
  const isOwner = role === 'owner'
  return (
    <section className={css.section}>
      <h3>{t('order.rules')}</h3>
      {DEEDS.map((deed) => (
        <Select
          key={deed}
          label={t(`order.may_${deed}`)}
          value={rules[deed]}
          isOff={rules[deed] === 'owner' && !isOwner}
          options={ROLES.map((value) => ({ value, text: t(`order.by_${value}`), isOff: value === 'owner' && !isOwner }))}
          onChoose={(value) => change({ [deed]: value })}
        />
      ))}
      <Select
        label={t('order.slow')}
        value={String(slowS)}
        options={spans(PACES, slowS, t('order.slowOff'))}
        onChoose={(value) => change({ slowS: Number(value) })}
      />
      <Select
        label={t('order.keep')}
        value={String(kept)}
        isOff={!isOwner}
        options={spans(STAYS, kept, t('order.keepAlways'))}
        onChoose={(value) => keep(Number(value))}
      />
    </section>
  )
}
