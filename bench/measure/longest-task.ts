import type { Page } from 'playwright-core'

/** The processor time of the longest task of the page's main thread while `run` runs: of the wall clock others take their part. */
export async function longestTask(page: Page, run: () => Promise<unknown>): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  const events: { name: string; ph: string; pid: number; tid: number; tdur?: number; args: { name?: string } }[] = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as typeof events)))
  const traceConfig = { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'] }
  await cdp.send('Tracing.start', { traceConfig, transferMode: 'ReportEvents' })
  await run()
  await Promise.all([new Promise<void>((resolve) => cdp.once('Tracing.tracingComplete', () => resolve())), cdp.send('Tracing.end')])
  await cdp.detach()
  const threadOf = ({ pid, tid }: { readonly pid: number; readonly tid: number }) => `${pid} ${tid}`
  const main = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf))
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && event.ph === 'X' && main.has(threadOf(event)))
  if (tasks.length < 100) throw new Error(`${tasks.length} tasks were traced`)
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1_000))
}
