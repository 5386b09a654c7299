/** Something that lies over the page (a dialog, a sheet, a menu): it is one entry of the browser's history, so that Back closes it. */
interface Layer {
  readonly close: () => void
  /** Whether the entry is still its own; an address may have taken its place. */
  hasEntry: boolean
  /** Whether the page beneath is out of reach; a side panel leaves it in reach. */
  readonly covers: boolean
}

const layers: Layer[] = []
/** Entries of closed layers that are still in the history: for the next layer or address, else to be taken off. */
let spare = 0
/** Steps back that were asked for and have not arrived. */
let underWay = 0
let waiting: (() => void)[] = []

export const isCovered = (): boolean => layers.some(({ covers }) => covers)

/** Opens a layer over all others. Call the returned function when it is closed otherwise than by Back. */
export function openLayer(close: () => void, covers = true): () => void {
  const layer: Layer = { close, hasEntry: true, covers }
  layers.push(layer)
  whenSettled(() => {
    if (spare > 0) spare--
    else history.pushState({ ...(history.state as object | null), isLayer: true }, '')
  })
  return () => {
    const at = layers.indexOf(layer)
    if (at < 0) return
    layers.splice(at, 1)
    if (layer.hasEntry) release()
  }
}

function release(): void {
  spare++
  // Whatever opens in the same breath takes the entry over.
  setTimeout(() => {
    if (spare === 0) return
    underWay++
    history.go(-spare)
    spare = 0
  })
}

/** Goes to another address, in place of the layer that led there. */
export function goTo(address: string, state: object | null = null): void {
  whenSettled(() => {
    const top = layers.findLast(({ hasEntry }) => hasEntry)
    if (spare > 0) spare--
    else if (top) top.hasEntry = false
    else return visit('pushState', address, state)
    visit('replaceState', address, state)
  })
}

/** Goes back to `address`: by the history where it lies under the present one (`state.under`), so that no entry stays behind. */
export function goBackTo(address: string): void {
  whenSettled(() => {
    const isUnder = (history.state as { under?: string } | null)?.under === address
    const covering = layers.filter(({ hasEntry }) => hasEntry)
    for (const layer of covering) layer.hasEntry = false
    const steps = covering.length + spare + (isUnder ? 1 : 0)
    spare = 0
    const arrive = () => visit('replaceState', address, null)
    if (steps === 0) return arrive()
    underWay++
    if (!isUnder) waiting.push(arrive)
    history.go(-steps)
  })
}

function visit(how: 'pushState' | 'replaceState', address: string, state: object | null): void {
  history[how](state, '', address)
  dispatchEvent(new PopStateEvent('popstate', { state: 'visited' }))
}

function whenSettled(work: () => void): void {
  if (underWay > 0) waiting.push(work)
  else work()
}

addEventListener('popstate', ({ state }) => {
  if (state === 'visited') return
  if (underWay > 0) {
    underWay--
    const works = waiting
    waiting = []
    for (const work of works) whenSettled(work)
    return
  }
  layers.pop()?.close()
})
