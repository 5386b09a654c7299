import { Download, FileText } from 'lucide-react'
import type { Attachment } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import css from './attachments.module.css'
import { Progress } from './progress.tsx'
import { useFresh } from './use-fresh.ts'
import { sizeWords } from './words.ts'

/** A file to be saved. */
export function Document({ of, isStop = true }: { readonly of: Attachment; readonly isStop?: boolean }) {
  const { t, i18n } = useTranslation()
  const { file, upload } = of
  const { href, isGone } = useFresh(of)
  const size = isGone ? t('file.gone') : sizeWords(i18n.language, file.size)
  const inside = (
    <>
      <span className={css.icon}>{upload === undefined ? <FileText size={20} aria-hidden="true" /> : <Progress of={of} />}</span>
      <span className={css.about}>
        <bdi className={css.fileName}>{file.name}</bdi>
        <span className={css.quiet}>{size}</span>
      </span>
      {href !== undefined && <Download size={18} aria-hidden="true" />}
    </>
  )
  if (href === undefined) return <span className={css.document}>{inside}</span>
  return (
    <a
      className={css.document}
      href={href}
      download={file.name}
      aria-label={t('file.save', { name: file.name, size })}
      tabIndex={isStop ? 0 : -1}
    >
      {inside}
    </a>
  )
}
