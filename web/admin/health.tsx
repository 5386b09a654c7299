import { useCallback, useEffect, useState } from 'react'
import type { Service } from '../../src/client/index.ts'
import { useConnection } from '../../src/client/react.ts'
import parts from '../dialogs/parts.module.css'
import { localeOf } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { auth } from '../state/auth.ts'
import { Button } from '../ui/button.tsx'
import css from './admin.module.css'

const EVERY_MS = 15_000

interface Seen {
  readonly state: 'ready' | 'not_ready' | 'draining' | 'unreachable'
  readonly ms: number
  readonly service: Service | undefined
}

const words = { 'ready': 'ready', 'not ready': 'not_ready', 'draining': 'draining' } as const

async function look(signal: AbortSignal): Promise<Seen> {
  const begun = performance.now()
  const answer = await fetch('/readyz', { signal, cache: 'no-store' }).then(
    async (response) => (await response.json()) as { readonly status: keyof typeof words },
    () => undefined,
  )
  const ms = Math.round(performance.now() - begun)
  const service = await auth
    .get()
    .service({ signal })
    .catch(() => undefined)
  return { state: answer ? words[answer.status] : 'unreachable', ms, service }
}

/** How the service is doing, looked at again every so often. */
export function Health() {
  const { t, i18n } = useTranslation()
  const { status } = useConnection()
  const [seen, setSeen] = useState<Seen>()
  const [wanted, setWanted] = useState(0)
  useEffect(() => {
    const aborted = new AbortController()
    const run = async () => {
      const found = await look(aborted.signal)
      if (!aborted.signal.aborted) setSeen(found)
    }
    void run()
    const timer = setInterval(() => void run(), EVERY_MS)
    return () => {
      clearInterval(timer)
      aborted.abort()
    }
  }, [wanted])
  const again = useCallback(() => {
    setSeen(undefined)
    setWanted((times) => times + 1)
  }, [])
  const number = new Intl.NumberFormat(localeOf(i18n.language))
  return (
    <section className={parts.section} aria-busy={!seen}>
      <h3>{t('admin.tab.health')}</h3>
      <dl className={css.facts}>
        <dt>{t('admin.health.state')}</dt>
        <dd>
          <span role="status">{seen ? t(`admin.health.state_${seen.state}`) : t('admin.health.checking')}</span>
        </dd>
        <dt>{t('admin.health.connection')}</dt>
        <dd>{t(status === 'online' ? 'admin.health.online' : 'admin.health.offline')}</dd>
        {seen && (
          <>
            <dt>{t('admin.health.answer')}</dt>
            <dd>{t('admin.health.millis', { count: seen.ms })}</dd>
          </>
        )}
        {seen?.service && (
          <>
            <dt>{t('admin.health.version')}</dt>
            <dd>
              {seen.service.name} {seen.service.version}
            </dd>
            <dt>{t('admin.health.epoch')}</dt>
            <dd>{seen.service.epoch}</dd>
          </>
        )}
      </dl>
      <div className={parts.actions}>
        <Button onClick={again}>{t('admin.health.refresh')}</Button>
      </div>
      <p className={parts.quiet}>{t('admin.health.metrics')}</p>
      {seen?.service && (
        <details>
          <summary>{t('admin.health.limits')}</summary>
          <dl className={css.facts}>
            {Object.entries(seen.service.limits).map(([name, limit]) => (
              <Limit key={name} name={name} limit={number.format(limit)} />
            ))}
          </dl>
        </details>
      )}
    </section>
  )
}

const Limit = ({ name, limit }: { readonly name: string; readonly limit: string }) => (
  <>
    <dt>
      <code>{name}</code>
    </dt>
    <dd>{limit}</dd>
  </>
)
