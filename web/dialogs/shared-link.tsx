import { Link2, QrCode, Share2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy.ts'
import { Qr } from '../ui/qr.tsx'
import css from './parts.module.css'

interface SharedLinkProps {
  readonly url: string
  /** Who may use it. */
  readonly hint: string
  readonly testId: string
}

/** An address to hand on: copied, shared as the device does it, photographed, or picked by hand. */
export function SharedLink({ url, hint, testId }: SharedLinkProps) {
  const { t } = useTranslation()
  const [isDrawn, setDrawn] = useState(false)
  return (
    <>
      <div className={css.invitation}>
        <span className={css.link} data-testid={testId}>
          {url}
        </span>
        <Button onClick={() => void copyText(url).then((isCopied) => isCopied && tell(t('settings.copied')))}>
          <Link2 size={17} aria-hidden="true" />
          {t('settings.copy')}
        </Button>
        {'share' in navigator && (
          <Button onClick={() => void share(url)}>
            <Share2 size={17} aria-hidden="true" />
            {t('settings.share')}
          </Button>
        )}
        <Button aria-expanded={isDrawn} onClick={() => setDrawn(!isDrawn)}>
          <QrCode size={17} aria-hidden="true" />
          {t('settings.qr')}
        </Button>
      </div>
      {isDrawn && <Qr text={url} label={t('settings.qrOf')} />}
      <p className={css.quiet}>{hint}</p>
    </>
  )
}

/** The user may change their mind, which is no fault. */
async function share(url: string): Promise<void> {
  await navigator.share({ url }).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'AbortError')) tell(errorText(error), { isFault: true })
  })
}
