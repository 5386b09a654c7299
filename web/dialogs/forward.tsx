import { Search } from 'lucide-react'
import { useState } from 'react'
import type { ChatItem } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { openChat } from '../state/route.ts'
import { useTitle } from '../state/titles.ts'
import { isSearchable, useSearch } from '../state/use-search.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Frame } from './frame.tsx'
import css from './parts.module.css'

interface ForwardProps {
  readonly chatId: string
  readonly messageId: string
  readonly onClose: () => void
}

const LATEST = 30

/** Chats that a message is to be sent on to. */
export function Forward({ chatId, messageId, onClose }: ForwardProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { items } = useStore(client.chats)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const wanted = query.trim()
  const { found } = useSearch(isSearchable(wanted) ? wanted : undefined, (text, signal) => client.chats.find(text, { signal, limit: 30 }))
  const shown = isSearchable(wanted) ? (found?.items ?? []) : items.slice(0, LATEST)

  function toggle(id: string) {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  function send() {
    for (const id of chosen) client.chat(id).forward({ chatId, messageId })
    const [only] = chosen
    if (chosen.size === 1 && only !== undefined) openChat(only)
    else tell(t('forward.done', { count: chosen.size }))
    onClose()
  }

  return (
    <Frame title={t('message.forward')} onClose={onClose}>
      <div className={css.body}>
        <Field
          label={t('forward.find')}
          type="search"
          autoFocus
          autoComplete="off"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        {shown.length === 0 && (
          <p className={css.empty}>
            <Search size={18} aria-hidden="true" /> {t('newChat.nobody')}
          </p>
        )}
        <ul className={css.list} aria-label={t('nav.chats')}>
          {shown.map((item) => (
            <li key={item.id}>
              <Choice item={item} isChosen={chosen.has(item.id)} onToggle={() => toggle(item.id)} />
            </li>
          ))}
        </ul>
      </div>
      <footer className={css.foot}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="strong" disabled={chosen.size === 0} onClick={send}>
          {t('message.forward')}
        </Button>
      </footer>
    </Frame>
  )
}

function Choice({ item, isChosen, onToggle }: { readonly item: ChatItem; readonly isChosen: boolean; readonly onToggle: () => void }) {
  const title = useTitle(item)
  return (
    <label className={css.person}>
      <Avatar id={item.partner?.id ?? item.id} name={title} isGroup={item.kind === 'group'} size={42} />
      <span className={css.words}>
        <bdi className={css.name}>{title}</bdi>
      </span>
      <input type="checkbox" className={css.check} checked={isChosen} onChange={onToggle} />
    </label>
  )
}
