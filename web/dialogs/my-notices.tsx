import { useEffect, useState } from 'react'
import { type MyNotices, myNotices, updateMyNotices } from '../../src/client/notices.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { choosePushContent, contents, pushContent, pushState } from '../notify/push.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import css from './parts.module.css'

const levels = ['all', 'mentions', 'none'] as const
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Whether a mail tells what was missed. */
function DigestPart({ isOn, onChange }: { readonly isOn: boolean; readonly onChange: (isOn: boolean) => void }) {
  const { t } = useTranslation()
  return (
    <section className={css.section}>
      <h3>{t('notify.digest')}</h3>
      <Choice
        label={t('notify.digest')}
        options={(['off', 'on'] as const).map((value) => ({ value, text: t(`notify.digest_${value}`) }))}
        value={isOn ? 'on' : 'off'}
        onChoose={(next) => onChange(next === 'on')}
      />
    </section>
  )
}

/** Of what the user is notified in all chats that have no settings of their own, and what a notification shows. */
export function MyNoticesPart() {
  const { t } = useTranslation()
  const client = useClient()
  const [mine, setMine] = useState<MyNotices>()
  const content = useStore(pushContent)
  const push = useStore(pushState)
  useEffect(() => {
    const read = () => void myNotices(client).then(setMine, () => undefined)
    read()
    return client.on('notices', ({ chatId }) => chatId === undefined && read())
  }, [client])
  if (!mine) return null
  const { level, quiet, digest } = mine
  const change = (to: Parameters<typeof updateMyNotices>[1]) =>
    void updateMyNotices(client, to).then(setMine, (error: unknown) => tell(errorText(error), { isFault: true }))
  const moved = (part: 'from' | 'to') => ({
    type: 'time',
    value: quiet?.[part] ?? '',
    onChange: ({ target }: { readonly target: HTMLInputElement }) =>
      target.value !== '' && quiet && change({ quiet: { ...quiet, [part]: target.value, zone: zone() } }),
  })
  return (
    <>
      <section className={css.section}>
        <h3>{t('notify.level')}</h3>
        <Choice
          label={t('notify.level')}
          options={levels.map((value) => ({ value, text: t(`notify.level_${value}`) }))}
          value={level}
          onChoose={(next) => change({ level: next })}
        />
      </section>
      <section className={css.section}>
        <h3>{t('notify.quiet')}</h3>
        <Choice
          label={t('notify.quiet')}
          options={(['off', 'on'] as const).map((value) => ({ value, text: t(`notify.quiet_${value}`) }))}
          value={quiet ? 'on' : 'off'}
          onChoose={(next) => change({ quiet: next === 'on' ? { from: '22:00', to: '07:00', zone: zone() } : null })}
        />
        {quiet && (
          <div className={css.actions}>
            <Field label={t('notify.quietFrom')} {...moved('from')} />
            <Field label={t('notify.quietTo')} {...moved('to')} />
          </div>
        )}
      </section>
      {digest !== undefined && <DigestPart isOn={digest} onChange={(isOn) => change({ digest: isOn })} />}
      {push === 'on' && (
        <section className={css.section}>
          <h3>{t('notify.content')}</h3>
          <Choice
            label={t('notify.content')}
            options={contents.map((value) => ({ value, text: t(`notify.content_${value}`) }))}
            value={content}
            onChoose={(next) => choosePushContent(client, next)}
          />
        </section>
      )}
    </>
  )
}
