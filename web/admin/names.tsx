import { type Account, updateAccount } from '../../src/client/admin.ts'
import { useClient } from '../../src/client/react.ts'
import parts from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { faultsOf } from '../state/problem-text.ts'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { entry } from '../ui/entry.ts'
import { Fault } from '../ui/fault.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'

interface NamesProps {
  readonly account: Account
  readonly onChange: (account: Account) => void
}

/** The names of an account, to be changed. */
export function Names({ account, onChange }: NamesProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { error, isBusy, run } = useDeed()
  const faults = faultsOf(error)
  const save = (form: FormData) =>
    run(async () => {
      const [name, username] = [entry(form, 'name').trim(), entry(form, 'username').trim()]
      const changed = { name: name === account.name ? undefined : name, username: username === account.username ? undefined : username }
      if (changed.name !== undefined || changed.username !== undefined) onChange(await updateAccount(client, account.id, changed))
      tell(t('admin.people.saved'))
    })
  return (
    <Form className={parts.section} onSubmit={(form) => void save(new FormData(form))}>
      <h3>{t('admin.people.names')}</h3>
      <Field label={t('settings.name')} name="name" defaultValue={account.name} required maxLength={128} fault={faults['name']} />
      <Field
        label={t('settings.username')}
        name="username"
        defaultValue={account.username}
        required
        autoCapitalize="off"
        fault={faults['username']}
      />
      {Object.keys(faults).length === 0 && <Fault error={error} />}
      <div className={parts.actions}>
        <Button type="submit" disabled={isBusy}>
          {t('admin.people.save')}
        </Button>
      </div>
    </Form>
  )
}
