import { chooseLanguage, isLanguage, languages } from '../i18n/start.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Choice } from '../ui/choice.tsx'

export function LanguageChoice() {
  const { t, i18n } = useTranslation()
  return (
    <Choice
      label={t('settings.language')}
      options={Object.entries(languages).map(([value, text]) => ({ value, text, lang: value }))}
      value={i18n.language}
      onChoose={(language) => isLanguage(language) && chooseLanguage(language)}
    />
  )
}
