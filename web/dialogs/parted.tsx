import { type ReactNode, useState } from 'react'
import { renameLayer } from '../state/layers.ts'
import { useLayer } from '../state/use-layer.ts'
import { useNarrow } from '../state/use-narrow.ts'
import { classes } from '../ui/classes.ts'
import { Frame } from './frame.tsx'
import { LayerTabs } from './layer-tabs.tsx'
import { PartList } from './part-list.tsx'
import css from './parts.module.css'

interface PartedProps {
  readonly title: string
  readonly nameOf: (part: string) => string
  readonly parts: Readonly<Record<string, ReactNode>>
  /** Where to begin; anything else leads to the first part, on a phone to their list. */
  readonly begin: string | undefined
  readonly addressOf: (part?: string) => string
  /** What stands above the list on a phone. */
  readonly above?: ReactNode
  readonly onClose: () => void
}

/** A dialog of many parts: tabs where there is room, on a phone a list that leads to a page each. */
export function Parted({ title, nameOf, parts, begin, addressOf, above, onClose }: PartedProps) {
  const isNarrow = useNarrow()
  const [chosen, setChosen] = useState(begin !== undefined && Object.hasOwn(parts, begin) ? begin : undefined)
  const [left, setLeft] = useState<string>()
  const shown = chosen ?? Object.keys(parts)[0]!
  const back = () => {
    setLeft(chosen)
    setChosen(undefined)
  }
  const choose = (part: string) => {
    setChosen(part)
    renameLayer(addressOf(part))
  }

  if (!isNarrow)
    return (
      <Frame title={title} onClose={onClose} isWide address={addressOf(shown)}>
        <LayerTabs label={title} nameOf={nameOf} tabs={parts} chosen={shown} onChoose={choose} />
      </Frame>
    )
  return (
    <>
      <Frame title={chosen ? nameOf(chosen) : title} onClose={onClose} isWide address={addressOf()} {...(chosen && { onBack: back })}>
        {chosen ? (
          <section className={classes(css.body, css.panel)} aria-label={nameOf(chosen)} data-page="" tabIndex={0}>
            {parts[chosen]}
          </section>
        ) : (
          <PartList label={title} nameOf={nameOf} parts={Object.keys(parts)} left={left} above={above} onChoose={setChosen} />
        )}
      </Frame>
      {chosen && <PageLayer key={chosen} address={addressOf(chosen)} onClose={back} />}
    </>
  )
}

/** The entry of a page in the history, over that of its list: what is mounted later lies above. */
function PageLayer({ address, onClose }: { readonly address: string; readonly onClose: () => void }) {
  useLayer(onClose, true, address)
  return null
}
