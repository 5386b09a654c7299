import { Lexer, type Token, Tokenizer } from 'marked'
import type { ReactNode } from 'react'
import css from './linked-text.module.css'

const SAFE = new Set(['http:', 'https:', 'mailto:'])

const none = () => undefined
const silent = { escape: none, tag: none, link: none, reflink: none, emStrong: none, codespan: none, br: none, del: none, autolink: none }

/** Of all that can be marked up, addresses alone are found; everything else stays the text that it is. */
const addressesOnly = Object.assign(new Tokenizer(), silent)

function tokensOf(text: string): readonly Token[] {
  if (!/[.@:]/.test(text)) return [{ type: 'text', raw: text, text }]
  return new Lexer({ gfm: true, tokenizer: addressesOnly }).inlineTokens(text)
}

function safeHref(href: string): string | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined
  return url && SAFE.has(url.protocol) ? url.href : undefined
}

/** A text as it was written, its addresses made to be followed. */
export const LinkedText = ({ text }: { readonly text: string }): ReactNode =>
  tokensOf(text).map((token, i) => {
    const href = token.type === 'link' ? safeHref(token.href as string) : undefined
    if (!href) return token.raw
    return (
      // Tokens have no name but their place.
      <a key={i} href={href} target="_blank" rel="noopener noreferrer nofollow" className={css.link}>
        {token.raw}
      </a>
    )
  })

/** A few emoji and nothing else. */
export const isEmojiOnly = (text: string): boolean => /^(?:\p{RGI_Emoji}\s?){1,3}$/v.test(text)
