import { ImagePlus, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Files } from '../../src/client/files.ts'
import { useFiles } from '../../src/client/react/files.ts'
import { squared } from '../files/square.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText, problemText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import css from './parts.module.css'

interface PictureProps {
  readonly has: boolean
  /** Makes an uploaded file the picture; undefined: none. */
  readonly onChange: (fileId: string | undefined) => Promise<unknown>
}

/** Chooses the picture of the user or of a group: the middle of what was chosen, or none. */
export function Picture({ has, onChange }: PictureProps) {
  const { t } = useTranslation()
  const files = useFiles()
  const input = useRef<HTMLInputElement>(null)
  const [isBusy, setBusy] = useState(false)

  async function change(chosen: File | undefined) {
    setBusy(true)
    try {
      await onChange(chosen && (await uploaded(files, await squared(chosen))))
      tell(t('settings.saved'))
    } catch (error) {
      tell(error instanceof Refused ? error.words : errorText(error), { isFault: true })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={css.pictureTools}>
      <Button look="quiet" disabled={isBusy} onClick={() => input.current?.click()}>
        <ImagePlus size={17} aria-hidden="true" />
        {t(has ? 'picture.change' : 'picture.add')}
      </Button>
      {has && (
        <Button look="quiet" disabled={isBusy} onClick={() => void change(undefined)}>
          <Trash2 size={17} aria-hidden="true" />
          {t('picture.remove')}
        </Button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept="image/*"
        aria-label={t('picture.add')}
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          event.target.value = ''
          if (chosen) void change(chosen)
        }}
      />
    </div>
  )
}

class Refused extends Error {
  readonly words: string
  constructor(words: string) {
    super(words)
    this.words = words
  }
}

/** Resolves with the id of the file. */
function uploaded(files: Files, blob: Blob): Promise<string> {
  const key = files.upload(blob, { name: 'picture.webp' })
  return new Promise((resolve, reject) => {
    const look = () => {
      const upload = files.uploads.get().get(key)
      if (upload?.status === 'done') resolve(upload.file.id)
      else if (upload?.status === 'failed') reject(new Refused(problemText(upload.problem)))
      else return
      stop()
      // The file is in use, or of no use: its upload is kept no longer.
      if (upload.status === 'failed') files.discard(key)
    }
    const stop = files.uploads.subscribe(look)
    look()
  })
}
