import { type ReactNode, useState } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { classes } from '../../ui/classes.ts'
import { copyText } from '../../ui/copy.ts'
import css from './formatted-text.module.css'
import { shownAddress } from './links.ts'
import { type Block, type Inline, type Mark, parse, plain } from './parse.ts'

export type Format = 'text' | 'markdown'

/** A text as elements, never as HTML: as it was typed, or with its marks. */
export const FormattedText = ({ text, format }: { readonly text: string; readonly format: Format }): ReactNode =>
  format === 'text' ? <Inlines of={plain(text)} /> : parse(text).map((block, i) => <Part key={i} block={block} />)

function Part({ block }: { readonly block: Block }) {
  if (block.kind === 'text') return <Inlines of={block.children} />
  if (block.kind === 'code') return <Code language={block.language} text={block.text} />
  return (
    <blockquote className={css.quote}>
      <Inlines of={block.children} />
    </blockquote>
  )
}

// Parts of a text have no name but their place.
const Inlines = ({ of }: { readonly of: readonly Inline[] }) => of.map((one, i) => <One key={i} of={one} />)

function One({ of }: { readonly of: Inline }): ReactNode {
  if (typeof of === 'string') return of
  if (of.kind === 'code') return <code className={css.code}>{of.text}</code>
  if (of.kind === 'mark') return <Marked mark={of.mark}>{<Inlines of={of.children} />}</Marked>
  return (
    <>
      <a href={of.href} target="_blank" rel="noopener noreferrer nofollow" className={css.link}>
        {shownAddress(of.text)}
      </a>
      {of.kind === 'labelled' && <span className={css.host}> ({hostOf(of.href)})</span>}
    </>
  )
}

const hostOf = (href: string) => new URL(href).host || new URL(href).pathname

const tags = { '**': 'strong', '*': 'em', '_': 'em', '~~': 's' } as const

function Marked({ mark, children }: { readonly mark: Mark; readonly children: ReactNode }) {
  if (mark === '||') return <Spoiler>{children}</Spoiler>
  const Tag = tags[mark]
  return <Tag>{children}</Tag>
}

function Spoiler({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [isShown, setShown] = useState(false)
  if (isShown) return <span className={css.shown}>{children}</span>
  return (
    <button type="button" className={css.spoiler} aria-label={t('message.spoiler')} onClick={() => setShown(true)}>
      <span aria-hidden="true" inert>
        {children}
      </span>
    </button>
  )
}

function Code({ language, text }: { readonly language: string | undefined; readonly text: string }) {
  const { t } = useTranslation()
  return (
    <figure className={css.block}>
      <figcaption className={css.caption}>
        <span>{language ?? t('message.code')}</span>
        <button
          type="button"
          className={css.copy}
          onClick={() => void copyText(text).then((isCopied) => isCopied && tell(t('message.copied')))}
        >
          {t('message.copyCode')}
        </button>
      </figcaption>
      {/* Wide code scrolls by itself, also by keys. */}
      <pre className={classes(css.pre)} tabIndex={0} dir="ltr">
        <code>{text}</code>
      </pre>
    </figure>
  )
}

/** A few emoji and nothing else. */
export const isEmojiOnly = (text: string): boolean => /^(?:\p{RGI_Emoji}\s?){1,3}$/v.test(text)
