import { useEffect } from 'react'
import { dialog, openDialog } from '../state/dialog.ts'
import { takeOverEntry } from '../state/layers.ts'
import { addressedLayer } from '../state/route.ts'

/** Opens the settings, or the administration, where the address says so: at the beginning, by a link, or by Forward. */
export function useLayerAddress(): void {
  useEffect(() => {
    let isFirst = true
    const look = () => {
      const layer = addressedLayer()
      if (layer && dialog.get()?.kind !== layer.kind) {
        takeOverEntry(isFirst)
        openDialog(layer)
      }
      isFirst = false
    }
    look()
    addEventListener('popstate', look)
    addEventListener('hashchange', look)
    return () => {
      removeEventListener('popstate', look)
      removeEventListener('hashchange', look)
    }
  }, [])
}
