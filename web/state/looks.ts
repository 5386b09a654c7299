import { holder } from './holder.ts'
import { keep, kept, onKept } from './kept.ts'

/** How the page looks in this browser; what is chosen first is what nobody has chosen. */
const choices = {
  density: ['cosy', 'compact'],
  clock: ['auto', '24', '12'],
  motion: ['system', 'reduced'],
  enter: ['send', 'newline'],
} as const

export type Looks = { readonly [K in keyof typeof choices]: (typeof choices)[K][number] } & {
  /** The height of letters in messages, in pixels. */
  readonly size: number
}

export const SIZES = { least: 14, most: 20, usual: 15 } as const

export const choicesOf = <K extends keyof typeof choices>(name: K): (typeof choices)[K] => choices[name]

function chosen<K extends keyof typeof choices>(name: K): Looks[K] {
  const known: readonly string[] = choices[name]
  const value = kept(name)
  return (value !== undefined && known.includes(value) ? value : choices[name][0]) as Looks[K]
}

function read(): Looks {
  const size = Number(kept('size'))
  return {
    density: chosen('density'),
    clock: chosen('clock'),
    motion: chosen('motion'),
    enter: chosen('enter'),
    size: size >= SIZES.least && size <= SIZES.most ? size : SIZES.usual,
  }
}

export const looks = holder<Looks>(read())

/** Everything is measured in rem, and so grows with the letters. */
function apply(): void {
  const { density, motion, size } = looks.get()
  const { dataset, style } = document.documentElement
  dataset.density = density
  dataset.motion = motion
  style.fontSize = size === SIZES.usual ? '' : `${(size / SIZES.usual) * 100}%`
}

export function choose<K extends keyof Looks>(name: K, value: Looks[K]): void {
  keep(name, String(value))
  looks.set({ ...looks.get(), [name]: value })
}

/** Follows the choice, also of other tabs. */
export function followLooks(): void {
  apply()
  looks.subscribe(apply)
  for (const name of Object.keys(looks.get())) onKept(name, () => looks.set(read()))
}
