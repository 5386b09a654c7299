import type { Chat } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { isolated } from '../ui/isolated.ts'
import css from './typing-line.module.css'

/** Who is typing. The line is always there, so that nothing moves when somebody begins. */
export function TypingLine({ chat }: { readonly chat: Chat }) {
  const words = useTypingWords(chat)
  return (
    <p className={css.line} data-testid="typing">
      {words && (
        <>
          <span className={css.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {words}
        </>
      )}
    </p>
  )
}

function useTypingWords(chat: Chat): string | undefined {
  const { t } = useTranslation()
  const typing = useStore(chat.typing)
  const item = useStore(chat.item)
  const members = useStore(chat.members)
  const { rows } = useStore(chat.timeline)
  const nameOf = (id: string): string | undefined =>
    item?.partner?.id === id
      ? item.partner.name
      : (members.items.find(({ person }) => person.id === id)?.person.name ?? rows.findLast(({ sender }) => sender.id === id)?.sender.name)
  const names = typing.map(nameOf).filter((name) => name !== undefined)
  if (typing.length === 0) return undefined
  const [first, second] = names
  if (typing.length === 1 && first !== undefined) return t('chat.typingOne', { name: isolated(first) })
  if (typing.length === 2 && first !== undefined && second !== undefined)
    return t('chat.typingTwo', { first: isolated(first), second: isolated(second) })
  return t('chat.typingMany', { count: typing.length })
}
