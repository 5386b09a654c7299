import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { httpClient, type SignedInClient } from '../../support/http-client.ts'
import { type Service, startService } from '../../support/service.ts'
import { chatIdOf, composer, openTab, PHONE, row, type Tab } from '../tab.ts'
import { eventually } from '../waiting.ts'

const COUNT = 500
/** Places of chats from the newest on. */
const MARKED = 200
const UNREAD = [250, 499] as const
const PRIVATE = [3, 260] as const

let service: Service
let browser: Browser
let ann: SignedInClient
let bob: SignedInClient
/** The ids of her chats, newest first. */
const ids: string[] = []
let archived: string
let tab: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  const { register } = httpClient(service.url)
  ann = await register('Ann Berg', { username: 'ann' })
  bob = await register('Bob Klein')
  for (let place = COUNT - 1; place >= 0; place--) ids.unshift(await makeChat(place))
  await ann.call('patch', `/chats/${ids[MARKED]}/me`, { marked_unread: true })
  archived = await makeChat(COUNT)
  await ann.call('patch', `/chats/${archived}/me`, { archived: true })
  tab = await openTab(browser, service.url, { reducedMotion: 'reduce' })
  await signIn(tab.page)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

async function makeChat(place: number): Promise<string> {
  const isPrivate = PRIVATE.some((one) => one === place)
  const partner = isPrivate ? await httpClient(service.url).register(`Friend ${place}`) : bob
  const group = { kind: 'group', name: `Group ${place}`, member_ids: [bob.id] }
  const { body } = await ann.call<{ id: string }>('post', '/chats', isPrivate ? { kind: 'private', user_id: partner.id } : group)
  const writer = UNREAD.some((one) => one === place) ? bob : ann
  await writer.call('post', `/chats/${body.id}/messages`, { client_message_id: `first-${place}`, text: `Words of ${place}` })
  return body.id
}

async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Already have an account/ }).click()
  await page.getByLabel('Email or username').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill(ann.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.locator('[data-chat]').first().waitFor()
}

const place = (page: Page) => ids.indexOf(chatIdOf(page))
const line = (page: Page, at: number) => page.locator(`[data-chat="${ids[at]}"]`)
const shown = (page: Page) => page.locator('[data-chat]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.chat!))
/** Goes down the list until its end is that. */
const toEnd = (page: Page, last: number) =>
  eventually(async () => {
    await page.locator('[data-chat]').last().press('End')
    expect((await shown(page)).at(-1)).toBe(ids[last])
  })

describe.each([
  ['a desk', {}],
  ['a phone', PHONE],
])('the filters of the list, on %s', (_, options) => {
  it('show what they say, in one row where there is one column', async () => {
    const { page, complaints } = await openTab(browser, service.url, { reducedMotion: 'reduce', ...options })
    const choose = (name: string) =>
      page.getByRole('navigation').getByRole('button', { name, exact: true }).filter({ visible: true }).click()
    await signIn(page)
    await choose('Groups')
    await line(page, 0).waitFor()
    expect(await shown(page)).not.toContain(ids[PRIVATE[0]])
    await toEnd(page, COUNT - 1)
    await choose('Unread')
    await eventually(async () => expect(await shown(page)).toEqual([MARKED, ...UNREAD].map((at) => ids[at])))
    await choose('Archive')
    await eventually(async () => expect(await shown(page)).toEqual([archived]))
    const chips = page.getByRole('group', { name: 'Show' }).getByRole('button').filter({ visible: true })
    const tops = await chips.evaluateAll((all) => all.map((chip) => chip.getBoundingClientRect().top))
    expect(new Set(tops).size).toBe(1)
    await choose('All')
    await line(page, PRIVATE[0]).waitFor({ state: 'attached' })
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

describe('500 chats', () => {
  it('are gone through by Alt Shift ↓ and ↑ where there is something unread, also in what was not loaded yet', async () => {
    const { page } = tab
    await line(page, 0).click()
    await composer(page).waitFor()
    for (const at of [MARKED, ...UNREAD]) {
      await page.keyboard.press('Alt+Shift+ArrowDown')
      await eventually(() => expect(place(page)).toBe(at))
    }
    await row(page, `Words of ${COUNT - 1}`).waitFor()
    await bob.call('post', `/chats/${ids[1]}/messages`, { client_message_id: 'later', text: 'Later' })
    await eventually(async () => {
      await page.keyboard.press('Alt+Shift+ArrowUp')
      expect(place(page)).toBe(1)
    })
    await row(page, 'Later').waitFor()
  })

  it('are gone through by Alt ↓ and ↑, to the last one; the list follows', async () => {
    const { page } = tab
    expect(place(page)).toBe(1)
    // The chat has become the first, and nothing is above it.
    await page.keyboard.press('Alt+ArrowUp')
    // Faster than any of them can be shown.
    for (let step = 1; step < COUNT; step++) await page.keyboard.press('Alt+ArrowDown')
    await row(page, `Words of ${COUNT - 1}`).waitFor()
    await eventually(async () => expect(await isInSight(line(page, COUNT - 1))).toBe(true))
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Alt+ArrowUp')
    await row(page, `Words of ${COUNT - 2}`).waitFor()
    expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true)
  }, 120_000)

  it('take at most 2,500 nodes, and 30 switches at most 2 MB', async () => {
    const { page } = tab
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    const measure = async (name: 'Nodes' | 'JSHeapUsedSize') => {
      await cdp.send('HeapProfiler.collectGarbage')
      return (await cdp.send('Performance.getMetrics')).metrics.find((metric) => metric.name === name)!.value
    }
    const visit = async (count: number) => {
      for (let step = 0; step < count; step++) {
        await page.keyboard.press(step % 10 < 5 ? 'Alt+ArrowUp' : 'Alt+ArrowDown')
        await row(page, `Words of ${place(page)}`).waitFor()
      }
    }
    await visit(10)
    expect(await measure('Nodes')).toBeLessThanOrEqual(2_500)
    const before = await measure('JSHeapUsedSize')
    await visit(30)
    expect((await measure('JSHeapUsedSize')) - before).toBeLessThanOrEqual(2e6)
  })

  it('keep their order when more come below a mouse that moves', async () => {
    const page = await tab.page.context().newPage()
    await page.goto(service.url)
    await line(page, 0).waitFor()
    const wrong: string[] = []
    let moves = 0
    await eventually(async () => {
      await page.mouse.move(200, 300 + (moves++ % 2))
      const lines = page.locator('[data-chat]')
      await lines.last().press('End')
      const all = await lines.evaluateAll((some) => some.map((one) => [one.getAttribute('data-chat')!, one.parentElement!.ariaPosInSet]))
      wrong.push(...all.filter(([id, place]) => ids[Number(place) - 1] !== id).map(String))
      expect(all.at(-1)![0]).toBe(ids[COUNT - 1])
    })
    expect(wrong).toEqual([])
    await page.close()
  })

  it('are not asked for again and again without a network', async () => {
    const page = await tab.page.context().newPage()
    await page.goto(service.url)
    await line(page, 0).waitFor()
    let asked = 0
    await page.route('**/api/v1/chats?**', (route) => {
      asked++
      return route.abort()
    })
    await page.locator('[data-chat]').first().press('End')
    await eventually(() => expect(asked).toBeGreaterThan(0))
    await page.waitForTimeout(500)
    expect(asked).toBeLessThan(4)
    await page.unroute('**/api/v1/chats?**')
    await toEnd(page, COUNT - 1)
    expect(tab.complaints).toEqual([])
  })
})

/** Whether a line is within what is seen of the list. */
const isInSight = (link: Locator) =>
  link.evaluate((element) => {
    const list = element.closest('ul')!.parentElement!.getBoundingClientRect()
    const { top, bottom } = element.getBoundingClientRect()
    return top >= list.top - 1 && bottom <= list.bottom + 1
  })
