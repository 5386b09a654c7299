import { useEffect, useRef } from 'react'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { fetchExport, saveFile } from '../state/export.ts'
import { tell } from '../state/notices.ts'
import { Asking } from './asking.tsx'

/** All that the service keeps of a user, as a file. */
export function ExportOf({ userId }: { readonly userId: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const aborted = useRef(new AbortController())
  useEffect(() => {
    aborted.current = new AbortController()
    return () => aborted.current.abort()
  }, [])
  const save = async () => {
    const blob = await fetchExport(client, { userId, onBytes: () => {}, signal: aborted.current.signal })
    saveFile(blob, `windi-chat-${userId}.jsonl`)
    tell(t('admin.people.exported'))
  }
  return <Asking run={save}>{t('admin.people.export')}</Asking>
}
