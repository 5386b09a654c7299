import { Copy } from 'lucide-react'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy.ts'
import css from '../parts.module.css'

/** Codes that stand for a lost device, each once. They are shown this once. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={css.section} role="group" aria-label={t('safety.recoveryCodes')}>
      <p>{t('safety.recoveryHint')}</p>
      <ul className={css.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={css.actions}>
        <Button onClick={() => void copyText(codes.join('\n')).then((isCopied) => isCopied && tell(t('safety.copied')))}>
          <Copy size={17} aria-hidden="true" />
          {t('safety.copyCodes')}
        </Button>
        <Button look="strong" onClick={onDone}>
          {t('safety.codesKept')}
        </Button>
      </div>
    </div>
  )
}
