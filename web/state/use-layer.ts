import { useEffect, useEffectEvent } from 'react'
import { openLayer } from './layers.ts'

/** For as long as the component is there, Back closes it. */
export function useLayer(onClose: () => void, covers = true): void {
  const close = useEffectEvent(onClose)
  useEffect(() => openLayer(() => close(), covers), [covers])
}
