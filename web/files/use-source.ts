import { useRef, useState } from 'react'
import type { Attachment } from '../../src/client/index.ts'
import { type Address, useFileAddress, useFiles } from '../../src/client/react/files.ts'
import { urlOf } from './blob-url.ts'

interface Shown {
  readonly file: Pick<Attachment['file'], 'id'>
  readonly upload?: string | undefined
}

type Variant = 'thumb' | 'preview' | 'whole'

/**
 * Where a file is shown from: from what was chosen here, else from the server. What is shown keeps its address, so that nothing is loaded twice;
 * when that has ended and something more is wanted of it, `onError` finds another one.
 */
export function useSource({ file, upload }: Shown, variant: Variant) {
  const files = useFiles()
  const blob = files.blob(upload ?? file.id) ?? files.blob(file.id)
  const address = useFileAddress(blob || upload !== undefined ? undefined : file.id)
  const [refused, setRefused] = useState<string>()
  const kept = useRef<string>(undefined)
  const { url, previewUrl, thumbUrl }: Partial<Address> = address.status === 'ready' ? address : {}
  const small = variant === 'thumb' ? (thumbUrl ?? previewUrl) : variant === 'preview' ? previewUrl : undefined
  const now = blob ? urlOf(blob) : (small ?? url)
  if (kept.current === undefined || kept.current === refused) kept.current = now === refused ? undefined : now
  return {
    src: kept.current,
    isGone: !blob && address.status === 'gone',
    onError() {
      if (blob || kept.current === undefined || kept.current === refused) return
      setRefused(kept.current)
      files.renew(file.id)
    },
  }
}
