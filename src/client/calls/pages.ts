import type { Page } from '../types.ts'

/** A page of a list, each item by `read`. */
export const readPage = <W, T>(page: { readonly items: readonly W[]; readonly next: string | null }, read: (item: W) => T): Page<T> => ({
  items: page.items.map(read),
  next: page.next ?? undefined,
})
