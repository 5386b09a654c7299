/** Whether the user types on a keyboard on the screen: there Enter is a new line, and nothing takes the focus unasked. */
export const hasTouch = (): boolean => matchMedia('(hover: none) and (pointer: coarse)').matches
