import { useTranslation } from '../i18n/use-translation.ts'
import css from './parts.module.css'

const keys = [
  ['Ctrl K', 'search'],
  ['Ctrl F', 'searchHere'],
  ['Alt ↑ ↓', 'chats'],
  ['Alt Shift ↑ ↓', 'unread'],
  ['F6', 'regions'],
  ['Ctrl Shift O', 'newChat'],
  ['Ctrl Shift M', 'mute'],
  ['Ctrl /', 'list'],
  ['↑', 'edit'],
  ['Ctrl ↑', 'replyLast'],
  ['Shift Enter', 'newline'],
  ['↑ ↓', 'rows'],
  ['Enter', 'menu'],
  ['R E F P', 'deeds'],
  ['C + Del', 'moreDeeds'],
  ['Esc', 'escape'],
] as const

/** What can be done without a mouse; of no use where fingers do everything. */
export function Keys() {
  const { t } = useTranslation()
  return (
    <section className={`${css.section} ${css.withKeys}`}>
      <h3>{t('settings.keys')}</h3>
      <dl className={css.keys}>
        {keys.map(([pressed, does]) => [
          <dt key={does}>
            <kbd>{pressed}</kbd>
          </dt>,
          <dd key={`${does}-words`}>{t(`settings.key.${does}`)}</dd>,
        ])}
      </dl>
    </section>
  )
}
