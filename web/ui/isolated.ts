/** Foreign letters inside a sentence, so that they turn nobody else's direction. In elements of their own, `<bdi>` does it. */
export const isolated = (text: string): string => `\u2068${text}\u2069`
