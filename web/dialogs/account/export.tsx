import { Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useClient } from '../../../src/client/react.ts'
import { sizeWords } from '../../files/words.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { fetchExport, saveFile } from '../../state/export.ts'
import { tell } from '../../state/notices.ts'
import { useDeed } from '../../state/use-deed.ts'
import { Button } from '../../ui/button.tsx'
import { Fault } from '../../ui/fault.tsx'
import css from '../parts.module.css'

/** All that the service keeps of the user, as a file. */
export function Export() {
  const { t, i18n } = useTranslation()
  const client = useClient()
  const { error, isBusy, run } = useDeed()
  const [bytes, setBytes] = useState(0)
  const aborted = useRef(new AbortController())
  useEffect(() => {
    aborted.current = new AbortController()
    return () => aborted.current.abort()
  }, [])

  async function save() {
    setBytes(0)
    const isDone = await run(async () => {
      const blob = await fetchExport(client, { onBytes: setBytes, signal: aborted.current.signal })
      saveFile(blob, `windi-chat-${new Date().toISOString().slice(0, 10)}.jsonl`)
    })
    if (isDone) tell(t('safety.exported'))
  }
  return (
    <section className={css.section}>
      <h3>{t('safety.export')}</h3>
      <p className={css.quiet}>{t('safety.exportHint')}</p>
      <Button aria-disabled={isBusy} onClick={() => isBusy || void save()}>
        <Download size={17} aria-hidden="true" />
        {t('safety.exportMine')}
      </Button>
      {isBusy && (
        <p className={css.quiet} role="status">
          {t('safety.exporting', { size: sizeWords(i18n.language, bytes) })}
        </p>
      )}
      <Fault error={error} />
    </section>
  )
}
