import i18next, { type TFunction } from 'i18next'
import { useSyncExternalStore } from 'react'

export interface Words {
  /** Another function in another language. */
  readonly t: TFunction
  readonly i18n: { readonly language: string }
}

let now: Words | undefined
const words = (): Words => (now ??= { t: i18next.getFixedT(i18next.language), i18n: { language: i18next.language } })

function subscribe(listener: () => void) {
  const changed = () => {
    now = undefined
    listener()
  }
  i18next.on('languageChanged', changed)
  return () => i18next.off('languageChanged', changed)
}

/** The words of the page. One store for all that ask: lists have hundreds of them. */
export const useTranslation = (): Words => useSyncExternalStore(subscribe, words)
