import { useEffect } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'

const hasFiles = (transfer: DataTransfer | null) => transfer?.types.includes('Files') === true

/** Files that are dropped or pasted cannot be sent: that is said, and the browser does not open them in place of the page. */
export function useStoppedFiles(): void {
  const { t } = useTranslation()
  useEffect(() => {
    const stop = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      if (event.type === 'drop') tell(t('composer.noFiles'))
    }
    const stopPaste = (event: ClipboardEvent) => {
      if (!hasFiles(event.clipboardData) || event.clipboardData?.types.includes('text/plain')) return
      event.preventDefault()
      tell(t('composer.noFiles'))
    }
    addEventListener('dragover', stop)
    addEventListener('drop', stop)
    addEventListener('paste', stopPaste)
    return () => {
      removeEventListener('dragover', stop)
      removeEventListener('drop', stop)
      removeEventListener('paste', stopPaste)
    }
  }, [t])
}
