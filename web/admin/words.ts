import i18next from 'i18next'
import { en } from './words/en.ts'
import { ru } from './words/ru.ts'

/** The words come with the part that says them: others need not load them. */
export function addWords(): void {
  for (const [language, admin] of Object.entries({ en, ru })) i18next.addResourceBundle(language, 'translation', { admin }, true)
}
