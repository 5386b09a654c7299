import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { askPermission, permission } from '../notify/permission.ts'
import { chooseSound, sound, sounds } from '../notify/sounds.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { MyNoticesPart } from './my-notices.tsx'
import css from './parts.module.css'

/** What of new messages is seen and heard in this browser. */
export function Notifications() {
  const { t } = useTranslation()
  const allowed = useStore(permission)
  const chosen = useStore(sound)
  return (
    <>
      <section className={css.section}>
        <p>{t(`notify.permission_${allowed}`)}</p>
        {allowed === 'default' && <Button onClick={() => void askPermission()}>{t('notify.turnOn')}</Button>}
      </section>
      <section className={css.section}>
        <h3>{t('notify.sound')}</h3>
        <Choice
          label={t('notify.sound')}
          options={sounds.map((value) => ({ value, text: t(`notify.sound_${value}`) }))}
          value={chosen}
          onChoose={chooseSound}
        />
      </section>
      <MyNoticesPart />
    </>
  )
}
