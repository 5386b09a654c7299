import { createContext, type ReactNode, useContext, useState } from 'react'
import type { Format, Mention } from '../../../src/client/index.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { classes } from '../../ui/classes.ts'
import { copyText } from '../../ui/copy.ts'
import css from './formatted-text.module.css'
import { shownAddress } from './links.ts'
import { type Placed, partsOf, placed, typed } from './mentions.ts'
import { type Block, type Inline, type Mark, parse, plain } from './parse.ts'

/** How mentions of this text are shown: with the present name. */
export interface Mentions {
  readonly of: readonly Mention[]
  nameOf(userId: string): string | undefined
  press(userId: string): void
}

interface FormattedTextProps {
  readonly text: string
  readonly format: Format
  readonly mentions?: Mentions | undefined
}

const Here = createContext<{ readonly placed: Placed; readonly mentions: Mentions | undefined }>({
  placed: placed('', []),
  mentions: undefined,
})

/** A text as elements, never as HTML: as it was typed, or with its marks. */
export function FormattedText({ text, format, mentions }: FormattedTextProps): ReactNode {
  const here = placed(text, mentions?.of ?? [])
  const parts =
    format === 'text' ? <Inlines of={plain(here.source)} /> : parse(here.source).map((block, i) => <Part key={i} block={block} />)
  return here.mentions.size === 0 ? parts : <Here value={{ placed: here, mentions }}>{parts}</Here>
}

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
  const here = useContext(Here)
  if (typeof of === 'string') return here.mentions ? partsOf(of).map((part, i) => <Word key={i} part={part} />) : of
  if (of.kind === 'code') return <code className={css.code}>{typed(of.text, here.placed)}</code>
  if (of.kind === 'mark') return <Marked mark={of.mark}>{<Inlines of={of.children} />}</Marked>
  return (
    <>
      <a href={of.href} target="_blank" rel="noopener noreferrer nofollow" className={css.link}>
        {shownAddress(typed(of.text, here.placed))}
      </a>
      {of.kind === 'labelled' && <span className={css.host}> ({hostOf(of.href)})</span>}
    </>
  )
}

/** A part of a text, or the chip of a mention. */
function Word({ part }: { readonly part: string }): ReactNode {
  const { t } = useTranslation()
  const { placed: here, mentions } = useContext(Here)
  const mention = here.mentions.get(part)
  if (!mention) return part
  if (mention.kind === 'all') return <span className={css.mention}>@{t('mention.all')}</span>
  return (
    <button type="button" className={css.mention} tabIndex={-1} onClick={() => mentions?.press(mention.userId)}>
      <bdi>@{mentions?.nameOf(mention.userId) ?? mention.raw.replace(/^@/, '')}</bdi>
    </button>
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
  const shown = typed(text, useContext(Here).placed)
  return (
    <figure className={css.block}>
      <figcaption className={css.caption}>
        <span>{language ?? t('message.code')}</span>
        <button
          type="button"
          className={css.copy}
          onClick={() => void copyText(shown).then((isCopied) => isCopied && tell(t('message.copied')))}
        >
          {t('message.copyCode')}
        </button>
      </figcaption>
      {/* Wide code scrolls by itself, also by keys. */}
      <pre className={classes(css.pre)} tabIndex={0} dir="ltr">
        <code>{shown}</code>
      </pre>
    </figure>
  )
}

/** A few emoji and nothing else. */
export const isEmojiOnly = (text: string): boolean => /^(?:\p{RGI_Emoji}\s?){1,3}$/v.test(text)
