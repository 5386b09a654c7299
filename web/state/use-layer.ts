import { useEffect, useEffectEvent } from 'react'
import { openLayer } from './layers.ts'

/** For as long as the component is there, Back closes it. It may have an address of its own, which is read when it opens. */
export function useLayer(onClose: () => void, covers = true, address?: string): void {
  const close = useEffectEvent(onClose)
  const open = useEffectEvent(() => openLayer(() => close(), covers, address))
  useEffect(() => open(), [])
}
