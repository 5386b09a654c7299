import type { en } from './en.ts'

/** Languages have plural forms of their own: a key that English has for `other`, they may have for more. */
type Plurals<K> = K extends `${infer Stem}_other` ? `${Stem}_few` | `${Stem}_many` : never

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> } & {
  readonly [K in Plurals<keyof T & string>]?: string
}

/** The same keys as in English; leaving one out does not compile. */
export type Words<T = typeof en> = Texts<T>
