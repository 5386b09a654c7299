import { useEffect, useState } from 'react'
import { askToJoin, declineRequest, joinChat } from '../../src/client/order.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { codeOf } from '../state/problem-text.ts'
import { openChat } from '../state/route.ts'
import { type Deed, useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Fault } from '../ui/fault.tsx'
import { isolated } from '../ui/isolated.ts'
import { Frame } from './frame.tsx'
import css from './parts.module.css'

interface Waiting {
  readonly chatId: string
  /** Of the group. */
  readonly name: string
}

/** Nobody becomes a member by following a link alone. Some groups decide on each new member: then the user asks, and waits. */
export function Join({ code, onClose }: { readonly code: string; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const deed = useDeed()
  const [mustAsk, setMustAsk] = useState(false)
  const [waiting, setWaiting] = useState<Waiting>()

  async function enter(chatId: string) {
    await client.chats.load(chatId)
    openChat(chatId)
    onClose()
  }
  const join = () =>
    deed.run(async () => {
      try {
        await enter((await joinChat(client, code)).chatId)
      } catch (refused) {
        if (codeOf(refused) !== 'must-ask') throw refused
        setMustAsk(true)
      }
    })
  const ask = () =>
    deed.run(async () => {
      const { isMember, ...group } = await askToJoin(client, code)
      if (isMember) await enter(group.chatId)
      else setWaiting(group)
    })

  if (waiting) return <Asked waiting={waiting} deed={deed} onClose={onClose} />
  return (
    <Frame title={t(mustAsk ? 'order.ask' : 'order.join')} onClose={onClose} isAlert>
      <div className={css.body}>
        <p className={css.quiet} aria-live="polite">
          {t(mustAsk ? 'order.askHint' : 'order.joinHint')}
        </p>
        <Fault error={deed.error} />
      </div>
      <footer className={css.foot}>
        <Button key={`close ${mustAsk}`} autoFocus onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button look="strong" disabled={deed.isBusy} onClick={() => void (mustAsk ? ask() : join())}>
          {t(mustAsk ? 'order.askYes' : 'order.joinYes')}
        </Button>
      </footer>
    </Frame>
  )
}

interface AskedProps {
  readonly waiting: Waiting
  readonly deed: Deed
  readonly onClose: () => void
}

/** The user has asked: the request can be taken back, and the group opens when somebody lets the user in meanwhile. */
function Asked({ waiting: { chatId, name }, deed, onClose }: AskedProps) {
  const { t } = useTranslation()
  const client = useClient()
  const isIn = useStore(client.chat(chatId).item) !== undefined
  useEffect(() => {
    if (!isIn) return
    openChat(chatId)
    onClose()
  }, [isIn, chatId, onClose])
  const withdraw = () =>
    deed.run(async () => {
      await declineRequest(client, chatId, 'me')
      tell(t('order.withdrawn'))
      onClose()
    })
  return (
    <Frame title={t('order.asked')} onClose={onClose} isAlert>
      <div className={css.body}>
        <p className={css.quiet} role="status">
          {t('order.askedHint', { name: isolated(name) })}
        </p>
        <Fault error={deed.error} />
      </div>
      <footer className={css.foot}>
        <Button disabled={deed.isBusy} onClick={() => void withdraw()}>
          {t('order.withdraw')}
        </Button>
        <Button look="strong" autoFocus onClick={onClose}>
          {t('common.close')}
        </Button>
      </footer>
    </Frame>
  )
}
