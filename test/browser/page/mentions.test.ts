import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, composer, idOf, openFromList, openTab, register, row, say, type Tab, violations } from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let anna: Tab
let boris: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  ;[anna, boris] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url)])
  await register(anna.page, 'Anna Berg')
  await register(boris.page, 'Boris Lund')
  await call(anna.page, 'POST', '/chats', [{ kind: 'group', name: 'Tea party', member_ids: [await idOf(boris.page)] }])
  await openFromList(boris.page, 'Tea party')
  await composer(boris.page).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

async function mention(name: string, words: string): Promise<void> {
  const field = composer(boris.page)
  await field.pressSequentially(`@${name.slice(0, 3)}`)
  await boris.page.getByRole('option', { name: new RegExp(name) }).waitFor()
  await field.press('Enter')
  await field.pressSequentially(words)
  await field.press('Enter')
  await row(boris.page, words).waitFor()
}
const hits = (page: Page, name = 'Mentions') => page.getByRole('group', { name }).getByRole('listitem')

describe('the mentions of a person', () => {
  it('are counted in the rail, listed newest first as they come, and lead to their messages', async () => {
    const { page } = anna
    const place = page
      .getByRole('navigation')
      .getByRole('button', { name: /^Mentions/ })
      .first()
    await place.press('Enter')
    await page.getByText('No one has mentioned you yet').waitFor()
    expect(await place.getAttribute('aria-current')).toBe('true')
    await mention('Anna Berg', 'the kettle is on')
    await say(boris.page, 'For nobody in particular')
    await hits(page).getByText('the kettle is on').waitFor()
    await eventually(async () => expect(await place.innerText()).toMatch(/1/))
    await mention('Anna Berg', 'bring some cups')
    await eventually(async () =>
      expect(await hits(page).allInnerTexts()).toEqual([
        expect.stringMatching(/Tea party[\s\S]*bring some cups/),
        expect.stringMatching(/kettle/),
      ]),
    )
    expect(await violations(page, 'nav')).toEqual([])
    await hits(page).getByRole('button').last().press('Enter')
    await row(page, 'the kettle is on').waitFor()
    await row(page, 'bring some cups').waitFor()
    await eventually(async () => expect(await place.innerText()).not.toMatch(/\d/))
    expect(await hits(page).count()).toBe(2)
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })

  it('say why they cannot be had, and are asked for once more', async () => {
    const { page } = anna
    await page.reload()
    await page.route(/\/mentions/, (route) => route.abort())
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /^Mentions/ })
      .first()
      .click()
    const alert = page.getByRole('navigation').getByRole('alert')
    await alert.getByText("The server can't be reached.").waitFor()
    await page.unroute(/\/mentions/)
    await alert.getByRole('button', { name: 'Try again' }).press('Enter')
    await hits(page).getByText('the kettle is on').waitFor()
    expect(await alert.count()).toBe(0)
  })

  it.each(['light', 'dark'] as const)(
    'are reached on a phone beside the filters, in the %s, in Russian and with text at 200 per cent',
    async (colorScheme) => {
      const phone = await openTab(browser, service.url, {
        viewport: { width: 360, height: 640 },
        hasTouch: true,
        isMobile: true,
        locale: 'ru-RU',
        colorScheme,
      })
      const { page } = phone
      const session = await anna.page.evaluate(() => localStorage.getItem('windi-chat.session')!)
      await page.evaluate((kept) => localStorage.setItem('windi-chat.session', kept), session)
      await page.reload()
      await page.getByRole('navigation').waitFor()
      await page.addStyleTag({ content: 'html { font-size: 200% }' })
      await page.getByRole('group', { name: 'Показать' }).getByRole('button', { name: 'Упоминания' }).tap()
      await hits(page, 'Упоминания').getByText('the kettle is on').waitFor()
      expect(await violations(page, 'nav')).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      const { width, x } = (await hits(page, 'Упоминания').first().boundingBox())!
      expect(x + width).toBeLessThanOrEqual(360)
      await hits(page, 'Упоминания').getByRole('button').last().tap()
      await row(page, 'the kettle is on').waitFor()
      expect(phone.complaints).toEqual([])
      await page.context().close()
    },
  )
})
