import { domainToASCII } from 'node:url'

/** A domain in the letters of DNS; empty if it is none. */
export const asciiDomain = (domain: string): string => domainToASCII(domain)
