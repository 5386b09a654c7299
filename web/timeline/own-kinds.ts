import type { Row } from '../../src/client/index.ts'

/** A message of a kind of the operator's own, as their module is given it. */
interface OwnMessage {
  readonly text: string
  readonly data: Row['data']
  /** Epoch milliseconds. */
  readonly at: number
  readonly isMine: boolean
  /** `en` or `ru`. */
  readonly language: string
}
/** What a message shows in place of its text; nothing: the text. */
type Draw = (message: OwnMessage) => Node | undefined

type Drawings = Readonly<Record<string, Draw>>

let loading: Promise<Drawings> | undefined

/** The module is loaded with the first message that has a kind. */
const drawings = (): Promise<Drawings> =>
  (loading ??= import(/* @vite-ignore */ new URL('/kinds.js', location.href).href).then(exported, () => ({})))
const exported = (module: { readonly default?: Drawings }): Drawings => module.default ?? {}

/** What the operator's module draws for a message; undefined if it knows nothing of its kind, or fails. */
export async function drawn(kind: string, message: OwnMessage): Promise<Node | undefined> {
  const kinds = await drawings()
  try {
    return Object.hasOwn(kinds, kind) ? kinds[kind]!(message) : undefined
  } catch (error) {
    reportError(error)
    return undefined
  }
}
