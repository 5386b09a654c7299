import css from './excerpt.module.css'

const BEFORE = 24

/** The part of a text where the match is, with the match marked. */
export function Excerpt({ text, query }: { readonly text: string; readonly query: string }) {
  const line = text.replace(/\s+/g, ' ')
  const at = line.toLowerCase().indexOf(query.toLowerCase())
  if (at < 0 || query === '') return line
  const from = at <= BEFORE ? 0 : line.indexOf(' ', at - BEFORE) + 1
  return (
    <>
      {from > 0 && '…'}
      {line.slice(from, at)}
      <mark className={css.mark}>{line.slice(at, at + query.length)}</mark>
      {line.slice(at + query.length)}
    </>
  )
}
