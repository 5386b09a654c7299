import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ConnectionState } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { sessionEnded } from '../state/auth.ts'
import { Busy } from '../ui/busy.tsx'
import { Button } from '../ui/button.tsx'
import css from './connection-banner.module.css'

/** A first attempt that takes no longer than this is not worth a word. */
const PATIENCE_MS = 1_500

/** Says what is the matter with the connection, and when it is tried next. Nothing that one can do waits for it. */
export function ConnectionBanner() {
  const state = useStore(useClient().connection)
  const isLong = useIsLong(state.status === 'connecting' || state.status === 'idle')
  if (state.status === 'online') return null
  if ((state.status === 'idle' || (state.status === 'connecting' && state.attempt <= 1)) && !isLong) return null
  return (
    <div className={css.banner} role="status">
      {state.status === 'connecting' || state.status === 'idle' ? <Busy size={17} /> : <CloudOff size={17} aria-hidden="true" />}
      <Words state={state} />
    </div>
  )
}

function Words({ state }: { readonly state: ConnectionState }) {
  const { t } = useTranslation()
  const client = useClient()
  const attempt = (words: string) => (
    <Button className={css.now} onClick={() => client.reconnectNow()}>
      {words}
    </Button>
  )
  switch (state.status) {
    case 'offline':
      return (
        <>
          <span>{t('connection.offline')}</span>
          {attempt(t('connection.check'))}
        </>
      )
    case 'waiting':
      return (
        <>
          <Countdown until={state.retryAt} />
          {attempt(t('connection.now'))}
        </>
      )
    case 'stopped':
      return <Stopped reason={state.reason} />
    case 'idle':
    case 'connecting':
    case 'online':
      return <span>{t('connection.connecting')}</span>
  }
}

function Countdown({ until }: { readonly until: number }) {
  const { t } = useTranslation()
  const left = useSecondsUntil(until)
  // The number is for the eye: read aloud every second, it would drown everything else.
  return <span aria-live="off">{t('connection.waiting', { count: left })}</span>
}

function useSecondsUntil(until: number): number {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1_000))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.max(0, Math.ceil((until - Date.now()) / 1_000))), 250)
    return () => clearInterval(timer)
  }, [until])
  return seconds
}

function Stopped({ reason }: { readonly reason: string }) {
  const { t } = useTranslation()
  const client = useClient()
  useEffect(() => {
    if (reason === 'signed-out') sessionEnded()
  }, [reason])
  if (reason === 'replaced')
    return (
      <>
        <span>{t('connection.replaced')}</span>
        <Button className={css.now} onClick={() => client.reconnectNow()}>
          {t('connection.useHere')}
        </Button>
      </>
    )
  return (
    <>
      <span>{t('connection.protocol')}</span>
      <Button className={css.now} onClick={() => location.reload()}>
        {t('connection.reload')}
      </Button>
    </>
  )
}

function useIsLong(isGoing: boolean): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    setLong(false)
    if (!isGoing) return
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isGoing])
  return isLong
}
