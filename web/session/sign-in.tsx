import { useState } from 'react'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { auth, ending, lastLogin } from '../state/auth.ts'
import { invitedBy } from '../state/route.ts'
import { useService } from '../state/service.ts'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Fault } from '../ui/fault.tsx'
import { late } from '../ui/late.tsx'
import { Credentials, type Entered } from './credentials.tsx'
import { LanguageChoice } from './language-choice.tsx'
import css from './sign-in.module.css'

const Recover = late(() => import('./recover.tsx'))

type Way = 'register' | 'sign-in' | 'recover'

/** The first thing a newcomer sees: an account, the way in with one, or in at once as a guest. */
export function SignIn() {
  const { t } = useTranslation()
  const end = useStore(ending)
  const [way, setWay] = useState<Way>(() => (end !== undefined || lastLogin() !== '' ? 'sign-in' : 'register'))
  const [entered, setEntered] = useState<Entered>(() => ({ name: '', login: lastLogin(), password: '' }))
  const [isLost, setLost] = useState(false)
  const { service, isAwaited } = useService()
  const isGuestOpen = service?.guest === true
  const invited = invitedBy()
  const isNew = way === 'register'
  const toSignIn = () => setWay('sign-in')
  function toRecover() {
    setLost(false)
    setWay('recover')
  }

  return (
    <main className={css.page}>
      <div className={css.language}>
        <LanguageChoice />
      </div>
      {/* Whole or not at all: what comes into it later would move the rest. */}
      {!isAwaited && (
        <div className={css.card}>
          <header className={css.head}>
            <img src="/icon.svg" alt="" width={52} height={52} />
            <h1>{t('app.name')}</h1>
            <p className={css.quiet}>{t('app.tagline')}</p>
          </header>
          {invited && <p className={css.invited}>{t('auth.invited', { username: invited })}</p>}
          {end === 'ended' && (
            <p role="alert" className={css.ended}>
              {t('auth.ended')}
            </p>
          )}
          {way === 'recover' ? (
            <Recover login={entered.login} onClose={toSignIn} onLost={() => setLost(true)} />
          ) : (
            <>
              {isGuestOpen && <AsGuest />}
              <Credentials
                key={way}
                isNew={isNew}
                entered={entered}
                isStrong={!isGuestOpen}
                onChange={(change) => setEntered((before) => ({ ...before, ...change }))}
                onSignIn={toSignIn}
                onRecover={toRecover}
              />
              {isLost && !isNew && <Fault error={isLost} text={t('problem.network')} />}
              <Button look="quiet" onClick={() => setWay(isNew ? 'sign-in' : 'register')}>
                {isNew ? t('auth.toSignIn') : t('auth.toRegister')}
              </Button>
            </>
          )}
        </div>
      )}
    </main>
  )
}

function AsGuest() {
  const { t } = useTranslation()
  const current = useStore(auth)
  const { error, isBusy, run } = useDeed()
  return (
    <>
      <Button look="strong" className={css.guest} disabled={isBusy} onClick={() => void run(() => current.guest())}>
        <span>
          {t('auth.guest')}
          <small>{t('auth.guestHint')}</small>
        </span>
      </Button>
      <Fault error={error} />
      <p className={css.or}>{t('auth.or')}</p>
    </>
  )
}
