import type { Attached } from '../../src/client/index.ts'
import { useFiles, useUploads } from '../../src/client/react/files.ts'
import type { Recorded } from '../files/record.ts'
import type { Draft } from '../state/drafts.ts'

/** The files of a draft, and what a message is sent with for them. */
export function useDraftFiles(draft: Draft | undefined) {
  const uploads = useUploads()
  const files = useFiles()
  const all = draft?.files ?? []
  return {
    all,
    hasFailed: all.some(({ key }) => uploads.get(key)?.status === 'failed'),
    attachments(): readonly Attached[] {
      const known = all.filter(({ key }) => uploads.has(key))
      return known.map(({ key, alt }) => files.attach(key, alt.trim() === '' ? {} : { alt: alt.trim() }))
    },
    voice({ blob, name, durationMs, waveform }: Recorded): Attached {
      return files.attach(files.upload(blob, { name, kind: 'audio' }), { durationMs, waveform })
    },
  }
}
