/** Something that lies over the page (a dialog, a sheet, a menu): it is one entry of the browser's history, so that Back closes it. */
interface Layer {
  readonly close: () => void
  /** Whether the entry is still its own; an address may have taken its place. */
  hasEntry: boolean
  /** Whether the page beneath is out of reach; a side panel leaves it in reach. */
  readonly covers: boolean
  /** Whether it has an address of its own, such as the settings. */
  readonly isNamed: boolean
}

/** What an entry of the history says of itself. */
interface Entry {
  readonly isLayer?: boolean
  /** Under an address of a layer: the fragment of the page that the layer lies over. */
  readonly beneath?: string
  /** The how manieth it is from the layer on that has brought the address, which is the first. */
  readonly depth?: number
}
const entry = (): Entry => (history.state as Entry | null) ?? {}
const withFragment = (fragment: string) => location.pathname + location.search + fragment

const isNamed = (hash: string) => /^#\/(settings|admin)\b/.test(hash)
/** The last fragment that was not that of a layer. */
let last = ''
/** The fragment of the address, without that of a layer over the page. */
export const fragment = (): string => (isNamed(location.hash) ? (entry().beneath ?? last) : location.hash)
last = fragment()

const layers: Layer[] = []
/** Entries of closed layers that are still in the history: for the next layer or address, else to be taken off. */
let spare = 0
/** Steps back that were asked for and have not arrived. */
let underWay = 0
let waiting: (() => void)[] = []
/** The layers that the last step through the history has closed. */
let popped: readonly Layer[] = []

export const isCovered = (): boolean => layers.some(({ covers }) => covers)

/**
 * Opens a layer over all others, under an address of its own if it has one. Call the returned function when it is closed otherwise than by
 * Back.
 */
export function openLayer(close: () => void, covers = true, address?: string): () => void {
  const named = layers.findIndex((layer) => layer.isNamed)
  const layer: Layer = { close, hasEntry: true, covers, isNamed: address !== undefined }
  layers.push(layer)
  const depth = named < 0 ? 1 : layers.length - named
  whenSettled(() => {
    const beneath = fragment()
    const at = address ?? (named < 0 ? beneath : location.hash)
    const state = { ...entry(), isLayer: true, beneath: isNamed(at) ? beneath : undefined, depth }
    take(state, withFragment(at))
  })
  return () => {
    const at = layers.indexOf(layer)
    if (at < 0) return
    layers.splice(at, 1)
    if (layer.hasEntry) release()
  }
}

/** Makes an entry, in place of those that are left over. */
function take(state: object, address: string): void {
  if (spare === 0) return history.pushState(state, '', address)
  stepBack(spare - 1)
  spare = 0
  whenSettled(() => history.replaceState(state, '', address))
}

function release(): void {
  spare++
  // Whatever opens in the same breath takes the entry over.
  setTimeout(() => {
    stepBack(spare)
    spare = 0
  })
}

function stepBack(entries: number): void {
  if (entries === 0) return
  underWay++
  history.go(-entries)
}

/** Another address of the layer on top. */
export const renameLayer = (address: string): void => whenSettled(() => history.replaceState(history.state, '', withFragment(address)))

/** The address is that of a layer which is to be opened: its entry becomes that layer's. */
export function takeOverEntry(isFirst: boolean): void {
  if (isFirst && !entry().isLayer) return history.replaceState(null, '', withFragment(''))
  spare++
  if (entry().isLayer) return stepBack((entry().depth ?? 1) - 1)
  const entries = popped.filter(({ hasEntry }) => hasEntry).length
  if (entries === 0) return history.replaceState({ isLayer: true, beneath: last }, '')
  // A link was followed over open layers, which have closed: their entries are under this one, and the lowest serves.
  stepBack(entries)
}

/** Goes to another address, in place of the layers that led there. */
export function goTo(address: string, state: object | null = null): void {
  whenSettled(() => {
    const entries = handOver()
    if (entries === 0) return visit('pushState', address, state)
    stepBack(entries - 1)
    whenSettled(() => visit('replaceState', address, state))
  })
}

/** How many entries of layers lie on top, which are nobody's from now on. */
function handOver(): number {
  const covering = layers.filter(({ hasEntry }) => hasEntry)
  for (const layer of covering) layer.hasEntry = false
  const entries = covering.length + spare
  spare = 0
  return entries
}

/** Goes back to `address`: by the history where it lies under the present one (`state.under`), so that no entry stays behind. */
export function goBackTo(address: string): void {
  whenSettled(() => {
    const isUnder = (history.state as { under?: string } | null)?.under === address
    const steps = handOver() + (isUnder ? 1 : 0)
    const arrive = () => visit('replaceState', address, null)
    if (steps === 0) return arrive()
    stepBack(steps)
    if (!isUnder) waiting.push(arrive)
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
  last = fragment()
  if (state === 'visited') return
  if (underWay > 0) {
    underWay--
    const works = waiting
    waiting = []
    for (const work of works) whenSettled(work)
    return
  }
  const isLink = isNamed(location.hash) && !entry().isLayer
  const named = layers.findIndex((layer) => layer.isNamed)
  popped = layers.splice(isLink && named >= 0 ? named : -1)
  for (const layer of popped.toReversed()) layer.close()
})
