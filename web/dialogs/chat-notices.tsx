import { useClient } from '../../src/client/react.ts'
import { fullTime } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { changeNotices, FOR_EVER, isMuted, muteSpans, useChatNotices } from '../state/chat-notices.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import css from './parts.module.css'

const levels = ['usual', 'all', 'mentions', 'none'] as const

/** Of what in a chat the user is notified. */
export function ChatNoticesPart({ chatId }: { readonly chatId: string }) {
  const { t, i18n } = useTranslation()
  const client = useClient()
  const notices = useChatNotices(chatId)
  const change = (mutedUntil: number | undefined) => void changeNotices(client, chatId, { mutedUntil })
  return (
    <section className={css.section}>
      <h3>{t('notify.title')}</h3>
      {isMuted(notices) ? (
        <>
          <p className={css.quiet}>
            {notices.mutedUntil! >= FOR_EVER
              ? t('notify.muted')
              : t('notify.mutedUntil', { time: fullTime(i18n.language, notices.mutedUntil!) })}
          </p>
          <Button onClick={() => change(undefined)}>{t('notify.unmute')}</Button>
        </>
      ) : (
        <>
          <Choice
            label={t('notify.level')}
            options={levels.map((value) => ({ value, text: t(`notify.level_${value}`) }))}
            value={notices.level ?? 'usual'}
            onChoose={(level) => void changeNotices(client, chatId, { level: level === 'usual' ? undefined : level })}
          />
          <div className={css.actions}>
            {muteSpans.map(([name, end]) => (
              <Button key={name} onClick={() => change(end())}>
                {t(`notify.mute_${name}`)}
              </Button>
            ))}
          </div>
        </>
      )}
    </section>
  )
}
