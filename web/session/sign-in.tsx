import { useEffect, useState } from 'react'
import { isProblem } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { auth, ending, lastLogin } from '../state/auth.ts'
import { deviceName } from '../state/device-name.ts'
import { errorText, faultsOf } from '../state/problem-text.ts'
import { invitedBy } from '../state/route.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { LanguageChoice } from './language-choice.tsx'
import css from './sign-in.module.css'

type Way = 'register' | 'sign-in'

/** The first thing a newcomer sees: an account, the way in with one, or in at once as a guest. */
export function SignIn() {
  const { t } = useTranslation()
  const current = useStore(auth)
  const end = useStore(ending)
  const [way, setWay] = useState<Way>(() => (end !== undefined || lastLogin() !== '' ? 'sign-in' : 'register'))
  const [name, setName] = useState('')
  const [login, setLogin] = useState(lastLogin)
  const [password, setPassword] = useState('')
  const [isGuestOpen, setGuestOpen] = useState(false)
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const invited = invitedBy()
  const faults = faultsOf(error)
  const isNew = way === 'register'

  useEffect(() => {
    const aborted = new AbortController()
    current.service({ signal: aborted.signal }).then(
      ({ guest }) => setGuestOpen(guest),
      () => undefined,
    )
    return () => aborted.abort()
  }, [current])

  async function enter(how: () => Promise<unknown>) {
    setBusy(true)
    setError(undefined)
    try {
      await how()
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }

  const submit = () =>
    enter(() =>
      isNew
        ? current.register({ name: name.trim(), email: login.trim(), password, deviceName: deviceName() })
        : current.login({ login: login.trim(), password, deviceName: deviceName() }),
    )
  function change(next: Way) {
    setError(undefined)
    setWay(next)
  }

  return (
    <main className={css.page}>
      <div className={css.language}>
        <LanguageChoice />
      </div>
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
        {isGuestOpen && (
          <>
            <Button look="strong" className={css.guest} disabled={isBusy} onClick={() => void enter(() => current.guest())}>
              <span>
                {t('auth.guest')}
                <small>{t('auth.guestHint')}</small>
              </span>
            </Button>
            <p className={css.or}>{t('auth.or')}</p>
          </>
        )}
        <Form key={way} className={css.form} onSubmit={() => void submit()}>
          {isNew ? (
            <>
              <Field
                name="name"
                label={t('auth.name')}
                fault={faults.name}
                autoComplete="name"
                maxLength={128}
                required
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
              <Field
                name="email"
                type="email"
                label={t('auth.email')}
                fault={faults.email}
                autoComplete="email"
                maxLength={254}
                required
                value={login}
                onChange={(event) => setLogin(event.target.value)}
              />
              {isProblem(error) && error.code === 'email-taken' && (
                <Button look="quiet" onClick={() => change('sign-in')}>
                  {t('auth.useEmail')}
                </Button>
              )}
            </>
          ) : (
            <Field
              name="login"
              label={t('auth.login')}
              fault={faults.login}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              value={login}
              onChange={(event) => setLogin(event.target.value)}
            />
          )}
          <Field
            name="password"
            type="password"
            label={t('auth.password')}
            hint={isNew ? t('auth.passwordHint') : undefined}
            fault={faults.password}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            minLength={isNew ? 8 : 1}
            maxLength={128}
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          {error !== undefined && Object.keys(faults).length === 0 && (
            <p role="alert" className={css.error}>
              {errorText(error)}
            </p>
          )}
          <Button look={isGuestOpen ? 'plain' : 'strong'} type="submit" disabled={isBusy}>
            {isNew ? t('auth.register') : t('auth.signIn')}
          </Button>
        </Form>
        <Button look="quiet" onClick={() => change(isNew ? 'sign-in' : 'register')}>
          {isNew ? t('auth.toSignIn') : t('auth.toRegister')}
        </Button>
      </div>
    </main>
  )
}
