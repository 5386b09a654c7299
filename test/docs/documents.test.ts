import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { anchor } from '../../tools/reference/markdown.ts'
import { blocksOf, documents, isDerived } from './blocks.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Which test runs which block; blocks of TypeScript are compiled by `types.test.ts` besides. */
const runBy: Readonly<Record<string, readonly string[]>> = {
  'test/docs/walk.test.ts': [
    'docs/guides/http.md walk',
    'docs/guides/files.md walk',
    'docs/extend/write-a-client.md socket',
    'docs/operate/deploy.md postgres',
    'docs/quickstart.md serve',
  ],
  'test/docs/several.test.ts': [
    'docs/operate/several-processes.md postgres',
    'docs/operate/several-processes.md redis',
    'docs/operate/several-processes.md nats',
  ],
  'test/docs/programs.test.ts': [
    'docs/guides/content.md content',
    'docs/concepts/overview.md overview',
    'docs/concepts/log-and-cursor.md rules',
    'docs/concepts/identity.md account',
    'docs/concepts/delivery.md delivery',
    'docs/concepts/receipts.md receipts',
    'docs/concepts/presence.md presence',
    'docs/concepts/roles.md roles',
    'docs/guides/embed.md cursors',
    'docs/guides/files.md storage',
    'docs/guides/groups.md groups',
    'docs/guides/moderation.md moderation',
    'docs/guides/bots.md bot',
    'docs/guides/consent.md consent',
    'docs/guides/follow.md follow',
    'docs/guides/webhooks.md hook',
    'docs/guides/webhooks.md verify',
    'docs/guides/notifications.md notices',
    'docs/guides/import.md import',
    'docs/guides/own-database.md own-database',
    'docs/guides/own-users.md own-users',
    'docs/guides/transactions.md transactions',
    'docs/extend/write-a-store.md store',
    'docs/extend/write-a-bus.md bus',
    'docs/operate/backup.md backup',
    'docs/operate/backup.md epoch',
    'docs/operate/upgrade.md migrate',
    'docs/operate/deploy.md doctor',
    'docs/guides/bots.md key',
    'docs/operate/metrics.md metrics',
    'docs/operate/security.md headers',
    'docs/operate/accounts.md staff',
  ],
  'test/docs/mounting.test.ts': [
    'docs/guides/node-http.md front',
    'docs/guides/express.md express',
    'docs/guides/fastify.md fastify',
    'docs/guides/hono.md hono',
  ],
  'test/docs/pages.test.ts': ['docs/quickstart.md page', 'docs/guides/react.md room'],
  'test/browser/page/content.test.ts': ['docs/guides/content.md kinds'],
  'test/e2e/export.test.ts': ['docs/operate/backup.md move'],
  'test/browser/client-react.test.ts': ['docs/guides/react.md app'],
  'test/unit/client/stores.test.ts': ['docs/guides/client.md vue'],
  'test/packaging/package.test.ts': [
    'README.md install',
    'README.md embed',
    'docs/guides/koa.md koa',
    'docs/guides/node-http.md bare',
    'docs/guides/client.md client',
    'docs/guides/files.md client-files',
    'docs/guides/testing.md testing',
  ],
}
/** The two commands: `npm start` is tried by the fresh clone, the other one is running. */
const twoCommands = ['npm ci && npm start', 'npm ci && npm test']

const present = documents().filter((file) => existsSync(join(root, file)))
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (file: string) => {
  const text = textOf(file).replace(/^```[\s\S]*?^```$/gm, '')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!.replaceAll('`', '')))
}

describe('the documents', () => {
  it('show no code that no test runs', () => {
    const shown = present
      .filter((file) => !isDerived(file))
      .flatMap(blocksOf)
      .filter(({ code }) => !twoCommands.includes(code.trim()))
    const names = shown.map(({ file, name }) => `${file} ${name}`)
    expect(names.length).toBeGreaterThan(5)
    expect(names.toSorted()).toEqual(Object.values(runBy).flat().toSorted())
  })

  it.each(Object.keys(runBy))('are run by %s, which names its blocks', (file) => {
    const text = readFileSync(join(root, file), 'utf8')
    for (const block of runBy[file]!) expect(text).toContain(`block('${block.split(' ')[0]}', '${block.split(' ')[1]}')`)
  })

  it.each(present)('link from %s only to what exists', (file) => {
    const links = [...textOf(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
    for (const [link, target = '', heading] of links) {
      const page = target === '' ? file : join(dirname(file), target)
      expect(existsSync(join(root, page)), `${file} → ${link}`).toBe(true)
      expect(heading === undefined || anchorsOf(page).includes(heading), `${file} → ${link}`).toBe(true)
    }
  })

  const guides = present.filter((file) => /^docs\/(?!decisions\/)/.test(file))

  it.each(guides)('answer one question at the start of %s, and end it with the next step', (file) => {
    const [title, , first] = textOf(file).split('\n')
    expect(title).toMatch(/^# \S/)
    expect(first).toMatch(/^[A-Z][^.!]*\?( |$)/)
    expect(textOf(file).trim().split('\n\n').at(-1)).toMatch(/^Next: |\nNext: /)
  })

  it('are all named in the table of contents', () => {
    const index = textOf('docs/index.md')
    for (const file of guides.filter((each) => !/index|transcript/.test(each))) expect(index).toContain(`](${file.slice(5)})`)
  })
})
