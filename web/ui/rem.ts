/** Lengths in rem, in pixels as they are now. */
export const rem = (length: number): number => length * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
