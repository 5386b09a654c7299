import type { Attachment } from '../../src/client/index.ts'
import { useUploads } from '../../src/client/react/files.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import css from './attachments.module.css'

const AROUND = 2 * Math.PI * 16

/** How far an upload is, as a ring over what it brings. */
export function Progress({ of: { upload, file } }: { readonly of: Pick<Attachment, 'upload' | 'file'> }) {
  const { t } = useTranslation()
  const known = useUploads().get(upload ?? '')
  if (known?.status === 'done' || (!known && file.id !== upload)) return null
  const part = known && known.size > 0 ? known.sent / known.size : 0
  const percent = Math.round(part * 100)
  return (
    <span
      className={css.ring}
      role="progressbar"
      aria-label={t('file.uploading')}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <svg viewBox="0 0 40 40" width={40} height={40} aria-hidden="true">
        <circle cx={20} cy={20} r={16} className={css.track} />
        <circle cx={20} cy={20} r={16} className={css.done} strokeDasharray={`${Math.max(0.06, part) * AROUND} ${AROUND}`} />
      </svg>
    </span>
  )
}
