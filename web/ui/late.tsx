import i18next from 'i18next'
import { type ComponentType, useEffect, useEffectEvent, useState } from 'react'
import { tell } from '../state/notices.ts'

interface Closable {
  readonly onClose: () => void
}

interface Losable {
  /** Says that it cannot be had, where there are no toasts. */
  readonly onLost?: () => void
}

/** A part of the page that is fetched when it is wanted. If it cannot be had now, that is said, and it can be wanted again. */
export function late<P extends Closable>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P & Losable> {
  let known: ComponentType<P> | undefined
  return function Late(props: P & Losable) {
    const [Part, setPart] = useState(() => known)
    const giveUp = useEffectEvent(() => {
      if (props.onLost) props.onLost()
      else tell(i18next.t('problem.network'), { isFault: true })
      props.onClose()
    })
    useEffect(() => {
      if (Part) return
      let isWanted = true
      load().then(
        ({ default: loaded }) => {
          known = loaded
          if (isWanted) setPart(() => loaded)
        },
        () => {
          if (isWanted) giveUp()
        },
      )
      return () => {
        isWanted = false
      }
    }, [Part])
    return Part && <Part {...props} />
  }
}
