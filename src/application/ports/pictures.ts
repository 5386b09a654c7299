import type { Received } from './intake.ts'

/** What was seen in a picture. */
export interface Seen {
  /** Pixels as shown, orientation applied. */
  readonly width: number
  readonly height: number
  /** Base64. */
  readonly thumbhash: string
  /** WebP, at most 320 and 1,280 pixels wide and high. */
  readonly thumb: Uint8Array
  readonly preview: Uint8Array
}

export interface Pictures {
  /**
   * Decodes the first frame of a picture and makes its previews. Returns undefined if it cannot be read, has more than 50 megapixels or
   * takes too long. Refuses with `overloaded` if too many pictures wait.
   */
  look(received: Received): Promise<Seen | undefined>
}
