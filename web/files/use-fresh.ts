import type { Attachment } from '../../src/client/index.ts'
import { useFileAddress } from '../../src/client/react/files.ts'

/** The address of a file as it is now, for links that may be pressed at any time. */
export function useFresh({ file, upload }: Pick<Attachment, 'file' | 'upload'>): {
  readonly href: string | undefined
  readonly isGone: boolean
} {
  const address = useFileAddress(upload === undefined ? file.id : undefined)
  return { href: address.status === 'ready' ? address.url : undefined, isGone: address.status === 'gone' }
}
