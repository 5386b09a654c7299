import { useState } from 'react'
import { isProblem } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { auth } from '../state/auth.ts'
import { deviceName } from '../state/device-name.ts'
import { errorText, faultsOf } from '../state/problem-text.ts'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { asksForSecond } from './code-field.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { useHasPasskeys } from './passkeys.ts'
import { SecondFactor } from './second-factor.tsx'
import css from './sign-in.module.css'

export interface Entered {
  readonly name: string
  readonly login: string
  readonly password: string
}

interface CredentialsProps {
  readonly isNew: boolean
  readonly entered: Entered
  readonly isStrong: boolean
  readonly onChange: (change: Partial<Entered>) => void
  readonly onSignIn: () => void
  readonly onRecover: () => void
}

/** An account, or the way in with one. */
export function Credentials(props: CredentialsProps) {
  const { isNew, entered, isStrong, onRecover } = props
  const { t } = useTranslation()
  const current = useStore(auth)
  const hasPasskeys = useHasPasskeys()
  const deed = useDeed()
  const [needsSecond, setNeedsSecond] = useState(false)
  const login = entered.login.trim()
  const { name, password } = entered
  const enter = (secondFactor?: string) =>
    deed.run(() =>
      isNew
        ? current.register({ name: name.trim(), email: login, password, deviceName: deviceName() })
        : current.login({ login, password, secondFactor, deviceName: deviceName() }),
    )
  if (!isNew && (needsSecond || asksForSecond(deed.error)))
    return (
      <SecondFactor
        deed={deed}
        onCode={(code) => {
          setNeedsSecond(true)
          void enter(code)
        }}
        onBack={() => {
          setNeedsSecond(false)
          void deed.run(async () => undefined)
        }}
      />
    )
  return (
    <Form className={css.form} onSubmit={() => void enter()}>
      <Fields {...props} error={deed.error} />
      <Button look={isStrong ? 'strong' : 'plain'} type="submit" disabled={deed.isBusy}>
        {isNew ? t('auth.register') : t('auth.signIn')}
      </Button>
      {!isNew && hasPasskeys && <PasskeyButton />}
      {!isNew && (
        <Button look="quiet" onClick={onRecover}>
          {t('safety.forgot')}
        </Button>
      )}
    </Form>
  )
}

function Fields({ isNew, entered, onChange, onSignIn, error }: CredentialsProps & { readonly error: unknown }) {
  const { t } = useTranslation()
  const faults = faultsOf(error)
  const of = (field: keyof Entered) => ({
    value: entered[field],
    onChange: ({ target }: { readonly target: HTMLInputElement }) => onChange({ [field]: target.value }),
    required: true,
  })
  return (
    <>
      {isNew ? (
        <>
          <Field name="name" label={t('auth.name')} fault={faults.name} autoComplete="name" maxLength={128} {...of('name')} />
          <Field
            name="email"
            type="email"
            label={t('auth.email')}
            fault={faults.email}
            autoComplete="email"
            maxLength={254}
            {...of('login')}
          />
          {isProblem(error) && error.code === 'email-taken' && (
            <Button look="quiet" onClick={onSignIn}>
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
          {...of('login')}
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
        {...of('password')}
      />
      {error !== undefined && Object.keys(faults).length === 0 && (
        <p role="alert" className={css.error}>
          {errorText(error)}
        </p>
      )}
    </>
  )
}
