import { useEffect, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { emojiAt, type Named, searchEmoji } from './emoji-words.ts'
import { useCaretList } from './use-caret-list.ts'
import type { Nameable } from './use-mention-list.ts'

const SHOWN = 8

/** The names of all emoji in a language, fetched when the first is asked for. */
const fetched = new Map<string, Promise<readonly Named[]>>()
function namesIn(language: string): Promise<readonly Named[]> {
  const asking =
    fetched.get(language) ??
    fetch(`/emoji/${language}/data.json`).then(async (answer) => {
      if (!answer.ok) throw new Error(`The emoji answer ${answer.status}`)
      return (await answer.json()) as readonly Named[]
    })
  fetched.set(language, asking)
  asking.catch(() => fetched.delete(language))
  return asking
}

/** Emoji that fit what is typed after a `:` at the caret. Where their names cannot be had, none are offered. */
export function useEmojiList(text: string) {
  const { language } = useTranslation().i18n
  const { query, withOptions } = useCaretList<Nameable>(text, emojiAt)
  const [found, setFound] = useState<{ readonly query: string; readonly options: readonly Nameable[] }>()
  useEffect(() => {
    if (query === undefined) return
    let isOver = false
    namesIn(language).then(
      (all) => {
        const options = searchEmoji(all, query, SHOWN).map(({ emoji, label }) => ({ id: emoji, emoji, label }))
        if (!isOver) setFound({ query, options })
      },
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [query, language])

  return withOptions(found?.query === query ? (found?.options ?? []) : [])
}
