import { ExternalLink, LogOut, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, useStore } from '../../src/client/react.ts'
import { LanguageChoice } from '../session/language-choice.tsx'
import { signOut } from '../state/auth.ts'
import { tell } from '../state/notices.ts'
import { errorText, faultsOf } from '../state/problem-text.ts'
import { closeChat } from '../state/route.ts'
import { chooseTheme, chosenTheme, type Theme, themes } from '../state/theme.ts'
import { Avatar } from '../ui/avatar.tsx'
import buttons from '../ui/button.module.css'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { entry } from '../ui/entry.ts'
import { Field } from '../ui/field.tsx'
import { Confirm } from './confirm.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { Frame } from './frame.tsx'
import { Invitation } from './invitation.tsx'
import { Keys } from './keys.tsx'
import css from './parts.module.css'
import { Password } from './password.tsx'
import { Sessions } from './sessions.tsx'

export function Settings({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [theme, setTheme] = useState<Theme>(chosenTheme)
  const [isDeleting, setDeleting] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const client = useClient()
  const me = useStore(client.account.me)
  const unsent = useStore(client.outbox).length
  const isGuest = me !== undefined && me.email === undefined

  function leave() {
    onClose()
    closeChat()
    void signOut()
  }
  const farewell = {
    title: isGuest ? t('settings.confirmGuestOut') : t('settings.confirmUnsent', { count: unsent }),
    hint: isGuest ? t('settings.confirmGuestOutHint') : t('settings.confirmUnsentHint'),
    yes: t('settings.signOut'),
    run: async () => leave(),
  }

  return (
    <Frame title={t('settings.title')} onClose={onClose}>
      <div className={css.body}>
        <Profile />
        <section className={css.section}>
          <h3>{t('settings.language')}</h3>
          <LanguageChoice />
        </section>
        <section className={css.section}>
          <h3>{t('settings.theme')}</h3>
          <Choice
            label={t('settings.theme')}
            options={themes.map((value) => ({ value, text: t(`settings.${value}`) }))}
            value={theme}
            onChoose={(chosen) => {
              setTheme(chosen)
              chooseTheme(chosen)
            }}
          />
        </section>
        <Invitation title={t('settings.invite')} />
        <section className={css.section}>
          <a href="/?as=new" target="_blank" rel="noopener" className={buttons.button}>
            <ExternalLink size={17} aria-hidden="true" />
            {t('settings.another')}
          </a>
          <p className={css.quiet}>{t('settings.anotherHint')}</p>
        </section>
        <Keys />
        <Sessions />
        <section className={css.section}>
          {me && !isGuest && <Password />}
          <Button onClick={isGuest || unsent > 0 ? () => setLeaving(true) : leave}>
            <LogOut size={17} aria-hidden="true" />
            {t('settings.signOut')}
          </Button>
          {me && (
            <Button look="danger" onClick={() => setDeleting(true)}>
              <Trash2 size={17} aria-hidden="true" />
              {t('settings.deleteAccount')}
            </Button>
          )}
        </section>
      </div>
      {isLeaving && <Confirm question={farewell} onClose={() => setLeaving(false)} />}
      {isDeleting && <DeleteAccount hasPassword={!isGuest} onClose={() => setDeleting(false)} onDeleted={leave} />}
    </Frame>
  )
}

function Profile() {
  const { t } = useTranslation()
  const { account } = useClient()
  const me = useStore(account.me)
  const [error, setError] = useState<unknown>()
  const faults = faultsOf(error)
  if (!me) return null

  async function save(form: FormData) {
    setError(undefined)
    try {
      await account.update({ name: entry(form, 'name').trim(), username: entry(form, 'username').trim() })
      tell(t('settings.saved'))
    } catch (refused) {
      setError(refused)
    }
  }

  return (
    <form
      className={css.section}
      onSubmit={(event) => {
        event.preventDefault()
        void save(new FormData(event.currentTarget))
      }}
    >
      <div className={css.hero}>
        <Avatar id={me.id} name={me.name} size={56} />
        <span className={css.words}>
          <span className={css.name}>{me.name}</span>
          <span className={css.quiet}>{me.email ?? `@${me.username ?? ''}`}</span>
        </span>
      </div>
      <Field
        key={`name-${me.name}`}
        name="name"
        label={t('settings.name')}
        defaultValue={me.name}
        maxLength={128}
        fault={faults.name}
        required
      />
      <Field
        key={`username-${me.username}`}
        name="username"
        label={t('settings.username')}
        defaultValue={me.username}
        maxLength={32}
        fault={faults.username}
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      {error !== undefined && Object.keys(faults).length === 0 && <p className={css.fault}>{errorText(error)}</p>}
      <Button type="submit">{t('settings.save')}</Button>
    </form>
  )
}
