import type { Chat, ChatItem, Role } from '../../../src/client/index.ts'
import { changeGroup, type RulesChange } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { localeOf } from '../../i18n/times.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { Select } from '../../ui/select.tsx'
import css from '../parts.module.css'

const DEEDS = ['post', 'add', 'invite'] as const
const ROLES: readonly Role[] = ['member', 'admin', 'owner']
const PACES = [0, 10, 30, 60, 300, 900, 3_600, 21_600]

/** Who may what in a group, for those who may change it. Each choice is saved at once. */
export function RulesOf({ chat, item }: { readonly chat: Chat; readonly item: ChatItem }) {
  const { t, i18n } = useTranslation()
  const client = useClient()
  const { rules, role } = item
  if (!rules) return null
  const change = (next: RulesChange) =>
    void changeGroup(client, chat.id, { rules: next }).catch((error: unknown) => tell(errorText(error), { isFault: true }))
  const paces = PACES.includes(rules.slowS) ? PACES : [...PACES, rules.slowS].toSorted((a, b) => a - b)
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
        value={String(rules.slowS)}
        options={paces.map((seconds) => ({
          value: String(seconds),
          text: seconds === 0 ? t('order.slowOff') : spanOf(i18n.language, seconds),
        }))}
        onChoose={(value) => change({ slowS: Number(value) })}
      />
    </section>
  )
}

/** “30 seconds”, “5 minutes”, “1 hour”. */
function spanOf(language: string, seconds: number): string {
  const [value, unit] =
    seconds % 3_600 === 0 ? [seconds / 3_600, 'hour'] : seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second']
  return new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}
