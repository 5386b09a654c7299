import i18next from 'i18next'
import { keep, kept, onKept } from '../state/kept.ts'
import { looks } from '../state/looks.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

export const languages = { en: 'English', ru: 'Русский' } as const
export type Language = keyof typeof languages

export const isLanguage = (text: string | undefined): text is Language => text !== undefined && Object.hasOwn(languages, text)

/** What was chosen here, else the first of the browser's languages that there are words for. */
function preferred(): Language {
  const chosen = kept('language')
  if (isLanguage(chosen)) return chosen
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

export async function startI18n(): Promise<void> {
  await i18next.init({
    resources: { en: { translation: en }, ru: { translation: ru } },
    lng: preferred(),
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
  })
  document.documentElement.lang = i18next.language
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  // What is written with a time is written anew.
  let { clock } = looks.get()
  looks.subscribe(() => {
    if (looks.get().clock === clock) return
    ;({ clock } = looks.get())
    i18next.emit('languageChanged', i18next.language)
  })
  onKept('language', () => void i18next.changeLanguage(preferred()))
}

export function chooseLanguage(language: Language): void {
  keep('language', language)
  void i18next.changeLanguage(language)
}
