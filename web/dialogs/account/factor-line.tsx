import { useState } from 'react'
import { type Factor, removeFactor } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { timeAgo } from '../../i18n/times.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { Button } from '../../ui/button.tsx'
import { isolated } from '../../ui/isolated.ts'
import css from '../parts.module.css'
import { WithPassword } from './with-password.tsx'

interface FactorLineProps {
  readonly factor: Factor
  readonly onRemoved: () => void
}

/** An authenticator app or a passkey, and the way to be rid of it. */
export function FactorLine({ factor: { id, kind, name, createdAt, lastUsedAt }, onRemoved }: FactorLineProps) {
  const { t, i18n } = useTranslation()
  const client = useClient()
  const [isAsking, setAsking] = useState(false)
  const title = t(`safety.kind_${kind}`)
  return (
    <li>
      <div className={css.person}>
        <span className={css.words}>
          <span>
            {title}
            {name !== '' && (
              <>
                {': '}
                <bdi>{name}</bdi>
              </>
            )}
          </span>
          <span className={css.quiet}>{timeAgo(i18n.language, lastUsedAt ?? createdAt)}</span>
        </span>
        {!isAsking && (
          <Button aria-label={t('safety.removeNamed', { name: isolated(`${title} ${name}`) })} onClick={() => setAsking(true)}>
            {t('safety.remove')}
          </Button>
        )}
      </div>
      {isAsking && (
        <WithPassword
          words={t('safety.remove')}
          look="danger"
          run={async (password) => {
            await removeFactor(client, id, password)
            onRemoved()
          }}
          onEnd={() => setAsking(false)}
        />
      )}
    </li>
  )
}
