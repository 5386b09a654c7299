import { Bell } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import css from './ask.module.css'
import { askLater, askPermission, mayAsk, permission } from './permission.ts'

/** Offers notifications as soon as a message was sent or received, never before. */
export function AskForNotifications() {
  const { t } = useTranslation()
  const client = useClient()
  const [isMoment, setMoment] = useState(false)
  useStore(permission)
  useEffect(() => client.on('message', () => setMoment(mayAsk())), [client])
  if (!isMoment || permission.get() !== 'default') return null
  return (
    <div className={css.ask} role="group" aria-label={t('notify.offer')}>
      <Bell size={18} aria-hidden="true" />
      <p>{t('notify.offer')}</p>
      <Button look="strong" onClick={() => void askPermission().finally(() => setMoment(false))}>
        {t('notify.turnOn')}
      </Button>
      <Button
        look="quiet"
        onClick={() => {
          askLater()
          setMoment(false)
        }}
      >
        {t('notify.notNow')}
      </Button>
    </div>
  )
}
