/** A link in a text: from `start` to `end`, in UTF-16 units. */
export interface Link {
  readonly start: number
  readonly end: number
  readonly href: string
}

/** Where an address may begin: not inside a word. */
const BEGINNING = /(?<![\p{L}\p{N}_])(?:https?:\/\/|mailto:|www\.)(?=[^\s<>])|(?<![\p{L}\p{N}_.+-])[\w.+-]{1,64}@(?=[\p{L}\p{N}])/giu

/** White space, controls, quotation marks, and the brackets and stops of Chinese and Japanese end an address wherever they stand. */
const END = /[\p{White_Space}\p{Cc}<>"\p{Pi}«»“”„‚\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/u

/** What an address does not end with, unless it is a bracket that was opened in it. */
const TRAILING = /[\p{Pe}\p{Pf}\p{Po}|~]$/u
const KEPT = /[/#%&@]$/
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

const SAFE = new Set(['http:', 'https:', 'mailto:'])
const EMAIL_MOST = 320
const EMAIL = /^[\w.+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u

/** Bidirectional controls could show another address than the one that is followed. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
export const shownAddress = (address: string): string => address.replace(BIDI, encodeURIComponent)

/** An address that may be followed, whole; undefined for all others. */
export function safeHref(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url && SAFE.has(url.protocol) && (url.protocol === 'mailto:' || url.hostname !== '') ? url.href : undefined
}

const count = (text: string, sign: string) => text.split(sign).length - 1

function trimmed(address: string): string {
  let kept = address
  while (TRAILING.test(kept) && !KEPT.test(kept)) {
    const last = kept.at(-1)!
    const opener = PAIRS[last]
    if (opener && count(kept, opener) >= count(kept, last)) break
    kept = kept.slice(0, -1)
  }
  return kept
}

const hrefOf = (address: string): string | undefined => {
  if (/^(?:https?:\/\/|mailto:)/i.test(address)) return safeHref(address)
  if (/^www\./i.test(address))
    return /^www\.[^./]/i.test(address) && address.slice(4).includes('.') ? safeHref(`http://${address}`) : undefined
  return EMAIL.test(address) ? safeHref(`mailto:${address}`) : undefined
}

/** The addresses of a text, from first to last. */
export function linksOf(text: string): Link[] {
  if (!/[:@]|www\./i.test(text)) return []
  const links: Link[] = []
  BEGINNING.lastIndex = 0
  for (let found = BEGINNING.exec(text); found; found = BEGINNING.exec(text)) {
    const rest = text.slice(found.index, found[0].endsWith('@') ? found.index + EMAIL_MOST : undefined)
    const length = rest.search(END)
    const address = trimmed(length < 0 ? rest : rest.slice(0, length))
    const href = address.length > found[0].length ? hrefOf(address) : undefined
    if (!href) continue
    links.push({ start: found.index, end: found.index + address.length, href })
    BEGINNING.lastIndex = found.index + address.length
  }
  return links
}
