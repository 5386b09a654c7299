import type { Attachment, File } from '../../src/client/index.ts'

/** How large a picture or video stands in a bubble: width in rem, and width by height. The place is reserved before anything is loaded. */
export interface Shape {
  readonly width: number
  readonly ratio: number
}

/** In rem. */
export const WIDEST = 20
const HIGHEST = 22
const NARROWEST = 8
/** Pictures in a grid, at most; of more the last says how many. */
export const IN_GRID = 4
const GAP = 0.125

export const isVisual = ({ file: { kind } }: Pick<Attachment, 'file'>): boolean => kind === 'image' || kind === 'video'

/** One picture alone. Very long or high ones are cut. */
export function shapeOf({ width, height, kind }: Pick<File, 'width' | 'height' | 'kind'>): Shape {
  const own = width && height ? width / height : kind === 'video' ? 16 / 9 : 4 / 3
  const ratio = Math.min(2.4, Math.max(0.5, own))
  return { width: Math.max(NARROWEST, Math.min(WIDEST, HIGHEST * ratio)), ratio }
}

/** The cells of a grid, by width and height in parts of the whole. */
export function cellsOf(count: number): readonly { readonly isWide: boolean }[] {
  return Array.from({ length: Math.min(count, IN_GRID) }, (_, i) => ({ isWide: count === 3 && i === 0 }))
}

/** In rem, about how high the attachments of a message are. */
export function heightOfAttachments(attachments: readonly Attachment[]): number {
  const visual = attachments.filter(isVisual)
  const others = attachments.length - visual.length
  const [first] = visual
  const gallery = !first ? 0 : visual.length === 1 ? alone(first.file) : visual.length === 2 ? WIDEST / 2 : WIDEST + GAP
  return gallery + others * 3.75
}

function alone(file: File): number {
  const { width, ratio } = shapeOf(file)
  return width / ratio
}
