import parts from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import css from './admin.module.css'

const commands = [
  ['list', 'windi-chat hook list'],
  ['show', 'windi-chat hook show ID'],
  ['enable', 'windi-chat hook enable ID'],
  ['disable', 'windi-chat hook disable ID'],
  ['key', 'windi-chat key add --name NAME --scopes hooks'],
] as const

/** Webhooks are for keys alone: here it says how to come to them. */
export function Hooks() {
  const { t } = useTranslation()
  return (
    <section className={parts.section}>
      <h3>{t('admin.tab.hooks')}</h3>
      <p>{t('admin.hooks.keysOnly')}</p>
      <ul className={css.commands}>
        {commands.map(([name, command]) => (
          <li key={name}>
            <p className={parts.quiet}>{t(`admin.hooks.${name}`)}</p>
            <code>{command}</code>
          </li>
        ))}
      </ul>
      <p className={parts.quiet}>{t('admin.hooks.inlets')}</p>
    </section>
  )
}
