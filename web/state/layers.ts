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
}
const entry = (): Entry => (history.state as Entry | null) ?? {}
const withFragment = (fragment: string) => location.pathname + location.search + fragment

const isNamed = (hash: string) => hash.startsWith('#/settings')
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
/** The layer that the last step through the history has closed. */
let popped: Layer | undefined

export const isCovered = (): boolean => layers.some(({ covers }) => covers)

/**
 * Opens a layer over all others, under an address of its own if it has one. Call the returned function when it is closed otherwise than by
 * Back.
 */
export function openLayer(close: () => void, covers = true, address?: string): () => void {
  const isOverNamed = layers.some((layer) => layer.isNamed)
  const layer: Layer = { close, hasEntry: true, covers, isNamed: address !== undefined }
  layers.push(layer)
  whenSettled(() => {
    const beneath = fragment()
    const at = address ?? (isOverNamed ? location.hash : beneath)
    const state = { ...entry(), isLayer: true, beneath: isNamed(at) ? beneath : undefined }
    if (spare === 0) history.pushState(state, '', withFragment(at))
    else history.replaceState(state, '', withFragment(at))
    spare = Math.max(0, spare - 1)
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

/** Another address of the layer on top. */
export const renameLayer = (address: string): void => whenSettled(() => history.replaceState(history.state, '', withFragment(address)))

/** The address is that of a layer which is to be opened: its entry becomes that layer's. */
export function takeOverEntry(isFirst: boolean): void {
  if (isFirst && !entry().isLayer) return history.replaceState(null, '', withFragment(''))
  spare++
  if (entry().isLayer) return
  if (!popped?.hasEntry) return history.replaceState({ isLayer: true, beneath: last }, '')
  // A link was followed over an open layer, which has closed: its entry is under this one, and serves.
  underWay++
  history.back()
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
  last = fragment()
  if (state === 'visited') return
  if (underWay > 0) {
    underWay--
    const works = waiting
    waiting = []
    for (const work of works) whenSettled(work)
    return
  }
  popped = layers.pop()
  popped?.close()
})
