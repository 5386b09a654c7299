import type { Middleware } from 'koa'
import { explanations } from '../wire/explanations.ts'
import { type ProblemCode, problems } from '../wire/problems.ts'
import { escape, fixedPage, plainHtml } from './html.ts'
import { reading } from './reading.ts'

const UNDER = '/problems/'
const codes = Object.keys(problems) as ProblemCode[]

const pages: ReadonlyMap<string, Middleware> = new Map([
  ...codes.map((code) => [UNDER + code, fixedPage(() => explained(code))] as const),
  ...['/problems', UNDER].map((path) => [path, fixedPage(overview)] as const),
])

/** A page for every code of a problem, at the address that its `type` names. */
export const problemPages: Middleware = reading((path) => pages.get(path))

/** The only mark-up of an explanation are back-quotes. */
const prose = (text: string): string => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>')

function explained(code: ProblemCode): string {
  const { status, title } = problems[code]
  const { meaning, remedy } = explanations[code]
  const body = `<main>
<h1>${escape(title)}</h1>
<p class="quiet"><code>${code}</code>, status ${status}</p>
<h2>What it means</h2>
<p>${prose(meaning)}</p>
<h2>What to do</h2>
<p>${prose(remedy)}</p>
</main>
<p><a href="/problems">All problems</a> · <a href="/docs">All calls</a></p>`
  return plainHtml({ title: `${title} (${code})`, body })
}

function overview(): string {
  const rows = codes.map(
    (code) =>
      `<dt><a href="${UNDER}${code}"><code>${code}</code></a></dt><dd>${problems[code].status}: ${escape(problems[code].title)}</dd>`,
  )
  const body = `<main>
<h1>Problems</h1>
<p>Whatever is refused is refused with one of these codes, over HTTP and on a socket alike.</p>
<dl>
${rows.join('\n')}
</dl>
</main>
<p><a href="/docs">All calls</a></p>`
  return plainHtml({ title: 'Problems', body })
}
