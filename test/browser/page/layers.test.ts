import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { eventually } from '../../support/waiting.ts'
import { composer, openTab, register, row, say, writeTo } from '../tab.ts'

let service: Service
let browser: Browser
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService({ env: { DEMO: 'on' } }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }

async function inChat(name: string, options = {}): Promise<Page> {
  const { page } = await openTab(browser, service.url, options)
  await register(page, name)
  await writeTo(page, 'Boris Keller')
  await composer(page).fill('Hello')
  await page.getByRole('button', { name: 'Send' }).click()
  await row(page, 'Hello').getByRole('img', { name: 'Sent' }).waitFor()
  return page
}
const isList = (page: Page) => page.getByRole('navigation', { name: 'Chats' }).waitFor()

describe('the settings', () => {
  const tab = (page: Page, name: string) => page.getByRole('tab', { name, selected: true })

  it('have an address for each tab; Back closes them, Forward opens them, and the chat stays beneath', async () => {
    const page = await inChat('Sue Set')
    const chat = page.url()
    await page.evaluate(() => document.querySelector('[role=feed]')?.setAttribute('data-same', ''))
    const isSame = () => page.locator('[role=feed][data-same]').waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await tab(page, 'Profile').waitFor()
    expect(new URL(page.url()).hash).toBe('#/settings/profile')
    await page.getByRole('tab', { name: 'Devices' }).click()
    await tab(page, 'Devices').waitFor()
    expect(new URL(page.url()).hash).toBe('#/settings/devices')
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(page.url()).toBe(chat)
    await page.goForward()
    await tab(page, 'Devices').waitFor()
    await isSame()
    await page.evaluate(() => location.assign('#/settings/language'))
    await tab(page, 'Language').waitFor()
    await isSame()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await eventually(() => expect(page.url()).toBe(chat))
    await composer(page).fill('Still here')
    await page.context().close()
  })

  it('open by a link, and stay open through a reload', async () => {
    const page = await inChat('Tom Link', phone)
    const chat = page.url()
    const fresh = await page.context().newPage()
    await fresh.goto(new URL('/#/settings/privacy', chat).href)
    await tab(fresh, 'Privacy').waitFor()
    await fresh.keyboard.press('Escape')
    await isList(fresh)
    await fresh.close()
    await page.evaluate(() => location.assign('#/settings/account'))
    await tab(page, 'Account').waitFor()
    await page.reload()
    await tab(page, 'Account').waitFor()
    await eventually(async () => {
      const place = await tab(page, 'Account').boundingBox()
      expect(place!.x + place!.width).toBeLessThanOrEqual(360)
    })
    await page.goBack()
    await composer(page).waitFor()
    expect(page.url()).toBe(chat)
    await page.context().close()
  })
})

describe('Back on a phone', () => {
  it('closes the topmost layer, one each, then the chat, and leaves no dead entry', async () => {
    const page = await inChat('Ada Back', phone)
    const layers: [string, () => Promise<unknown>, Locator][] = [
      ['details', () => page.getByRole('heading', { name: /Boris/ }).getByRole('button').click(), page.getByRole('complementary')],
      ['search', () => page.getByRole('button', { name: 'Search in this chat' }).click(), page.getByLabel('Text to find')],
      ['emoji', () => page.getByRole('button', { name: 'Emoji' }).click(), page.getByRole('dialog')],
    ]
    for (const [, open, layer] of layers) {
      await open()
      await layer.waitFor()
      await page.goBack()
      await layer.waitFor({ state: 'detached' })
      await composer(page).waitFor()
    }
    // Closed otherwise, a layer takes its entry with it.
    for (const [, open, layer] of layers) {
      await open()
      await layer.waitFor()
      await page.keyboard.press('Escape')
      await layer.waitFor({ state: 'detached' })
    }
    await page.waitForTimeout(100)
    await page.goBack()
    await isList(page)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.context().close()
  })

  it('by the page leads to the list, and the next step leads out', async () => {
    const page = await inChat('Bea Out', phone)
    const before = await page.evaluate(() => history.length)
    await page.getByRole('button', { name: 'Back to chats' }).click()
    await isList(page)
    await page.getByRole('link', { name: /Boris/ }).click()
    await composer(page).waitFor()
    expect(await page.evaluate(() => history.length)).toBe(before)
    await page.context().close()
  })

  it('leads from a chat that was opened by a dialog to the list', async () => {
    const { page } = await openTab(browser, service.url, phone)
    await register(page, 'Cleo New')
    await page.getByRole('button', { name: 'New chat' }).first().click()
    await page.getByRole('button', { name: /Daniel/ }).click()
    await composer(page).waitFor()
    await page.goBack()
    await isList(page)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.context().close()
  })
})

describe('a toast with Undo', () => {
  it('makes no request when it is taken back', async () => {
    const page = await inChat('Dora Undo')
    const asked: string[] = []
    page.on('request', (request) => request.method() === 'DELETE' && asked.push(request.url()))
    page.on('websocket', () => undefined)
    await say(page, 'A slip')
    await row(page, 'A slip').getByRole('img', { name: 'Sent' }).waitFor()
    await row(page, 'A slip').hover()
    await row(page, 'A slip').getByRole('button', { name: 'Actions for the message' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await row(page, 'Message deleted').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await row(page, 'A slip').waitFor()
    await page.reload()
    await row(page, 'A slip').waitFor()
    expect(asked).toEqual([])
    await page.context().close()
  })

  it('has made it when the page is closed before', async () => {
    const page = await inChat('Edda Closed')
    await say(page, 'A slip')
    await row(page, 'A slip').getByRole('img', { name: 'Sent' }).waitFor()
    await row(page, 'A slip').hover()
    await row(page, 'A slip').getByRole('button', { name: 'Actions for the message' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await row(page, 'Message deleted').waitFor()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await row(other, 'A slip').waitFor()
    await page.goto('about:blank')
    await eventually(async () => expect(await row(other, 'Message deleted').count()).toBe(1))
    await other.context().close()
  })
})

describe('a key', () => {
  it('that writes goes to the composer, wherever the focus is', async () => {
    const page = await inChat('Finn Keys')
    await page.getByRole('button', { name: 'Search in this chat' }).focus()
    await page.keyboard.type('Anywhere')
    expect(await composer(page).inputValue()).toBe('Anywhere')
    await page.getByRole('searchbox').focus()
    await page.keyboard.type('x')
    expect(await composer(page).inputValue()).toBe('Anywhere')
    await page.context().close()
  })
})
