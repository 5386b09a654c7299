/** Returns the token of an `Authorization` header (RFC 6750, 2.1); undefined if there is none. */
export const bearerOf = (header: string): string | undefined => /^bearer +([^ ]+) *$/i.exec(header)?.[1]
