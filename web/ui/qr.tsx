import { useEffect, useState } from 'react'
import css from './qr.module.css'

/** Light modules round the code, without which readers do not find it. */
const QUIET = 4

interface Drawn {
  readonly size: number
  /** One square for each dark module. */
  readonly path: string
}

/** A text as a QR code: dark on light in either theme, as readers expect it. What makes it is fetched when one is shown. */
export function Qr({ text, label }: { readonly text: string; readonly label: string }) {
  const [drawn, setDrawn] = useState<Drawn>()
  useEffect(() => {
    let isOver = false
    const draw = async () => {
      const { encode } = await import('uqr')
      if (isOver) return
      const { data, size } = encode(text, { ecc: 'M', border: QUIET })
      setDrawn({ size, path: data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('') })
    }
    // What it stands for is written beside it.
    draw().catch(() => undefined)
    return () => {
      isOver = true
    }
  }, [text])
  return (
    <div className={css.code}>
      {drawn && (
        <svg role="img" aria-label={label} viewBox={`0 0 ${drawn.size} ${drawn.size}`} shapeRendering="crispEdges">
          <path d={drawn.path} />
        </svg>
      )}
    </div>
  )
}
