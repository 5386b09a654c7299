/**
 * Whether an input method has taken the key. Chromium and Firefox say so by `isComposing`; in Safari the key that ends a composition
 * comes after its end, with 229 as its code.
 */
export const isTaken = ({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean => isComposing || keyCode === 229
