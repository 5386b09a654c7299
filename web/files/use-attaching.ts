import { useEffect, useEffectEvent, useState } from 'react'
import { ATTACHMENTS_LIMIT } from '../../src/client/files.ts'
import { useFiles } from '../../src/client/react/files.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { draftOf, keepDraft, useUserId } from '../state/drafts.ts'
import { tell } from '../state/notices.ts'
import { keepOriginal } from './originals.ts'
import { prepared } from './pick.ts'

const hasFiles = (transfer: DataTransfer | null) => transfer?.types.includes('Files') === true

export type Attach = (files: Iterable<File>, options?: { readonly isOriginal?: boolean }) => void

/** Takes files into the draft of a chat; each begins to be uploaded at once. */
export function useAttaching(chatId: string): Attach {
  const { t } = useTranslation()
  const userId = useUserId()
  const files = useFiles()
  return (list, options) => {
    const free = ATTACHMENTS_LIMIT - (draftOf(userId, chatId)?.files?.length ?? 0)
    const all = [...list]
    if (all.length > free) tell(t('file.tooMany', { count: ATTACHMENTS_LIMIT }))
    void Promise.all(all.slice(0, free).map((file) => prepared(file, options))).then((picked) => {
      const added = picked.map(({ blob, original, options: looks }) => {
        const key = files.upload(blob, looks)
        if (original) keepOriginal(key, original)
        return { key, alt: '' }
      })
      const draft = draftOf(userId, chatId)
      keepDraft(userId, chatId, { text: '', ...draft, files: [...(draft?.files ?? []), ...added] })
    })
  }
}

/** Files that are dropped anywhere, or pasted, are for the chat on screen. Returns whether some are held over the page. */
export function useDropped(attach: Attach): boolean {
  const [isOver, setOver] = useState(false)
  const take = useEffectEvent((transfer: DataTransfer) => attach(transfer.files))
  useEffect(() => {
    let depth = 0
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      if (event.type === 'dragenter') depth++
      setOver(true)
    }
    const leave = () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const drop = (event: DragEvent) => {
      depth = 0
      setOver(false)
      if (!hasFiles(event.dataTransfer)) return
      event.preventDefault()
      take(event.dataTransfer!)
    }
    const paste = (event: ClipboardEvent) => {
      if (!hasFiles(event.clipboardData) || event.clipboardData?.types.includes('text/plain')) return
      event.preventDefault()
      take(event.clipboardData!)
    }
    addEventListener('dragenter', over)
    addEventListener('dragover', over)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    addEventListener('paste', paste)
    return () => {
      removeEventListener('dragenter', over)
      removeEventListener('dragover', over)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
      removeEventListener('paste', paste)
    }
  }, [])
  return isOver
}
