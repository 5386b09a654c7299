import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, composer, openFromList, openPart, openTab, register, row, say, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

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
/** Whom the open chat is with. */
const partnerOf = (page: Page) =>
  page.evaluate(async () => {
    const { accessToken } = JSON.parse(localStorage.getItem('windi-chat.session')!) as { accessToken: string }
    const answer = await fetch(`/api/v1/chats/${location.hash.slice(4)}`, { headers: { authorization: `Bearer ${accessToken}` } })
    return ((await answer.json()) as { partner: { id: string } }).partner.id
  })
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
    const page = await inChat('Tom Link')
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
    await page.goBack()
    await composer(page).waitFor()
    expect(page.url()).toBe(chat)
    await page.context().close()
  })
})

describe('the settings on a phone', () => {
  const at = (page: Page) => new URL(page.url()).hash
  const heading = (page: Page, name: string) => page.getByRole('dialog', { name }).waitFor()

  it('are a list that leads to a page each; Back leads to the list, then out, and leaves no dead entry', async () => {
    const page = await inChat('Pia Pages', phone)
    await page.getByRole('button', { name: 'Back to chats' }).tap()
    const before = await page.evaluate(() => history.length)
    await page.getByRole('button', { name: 'Me', exact: true }).tap()
    await heading(page, 'Settings')
    expect(at(page)).toBe('#/settings')
    for (const [part, leave] of [
      ['Privacy', () => page.goBack()],
      ['Devices', () => page.getByRole('dialog').getByRole('button', { name: 'Back', exact: true }).tap()],
    ] as const) {
      await openPart(page, part)
      await heading(page, part)
      expect(at(page)).toBe(`#/settings/${part.toLowerCase()}`)
      await leave()
      await heading(page, 'Settings')
      await eventually(() => expect(at(page)).toBe('#/settings'))
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(part)
    }
    await openPart(page, 'Account')
    await heading(page, 'Account')
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await eventually(() => expect(at(page)).toBe(''))
    await page.getByRole('link', { name: /Boris/ }).tap()
    await composer(page).waitFor()
    expect(await page.evaluate(() => history.length)).toBe(before)
    await page.context().close()
  })

  it('stay open through a reload; a link leads from one page to the other', async () => {
    const page = await inChat('Rhea Load', phone)
    const chat = page.url()
    await page.evaluate(() => location.assign('#/settings/account'))
    await heading(page, 'Account')
    await page.reload()
    await heading(page, 'Account')
    await eventually(() => expect(at(page)).toBe('#/settings/account'))
    await page.evaluate(() => location.assign('#/settings/language'))
    await heading(page, 'Language')
    await page.goBack()
    await heading(page, 'Settings')
    await page.goForward()
    await heading(page, 'Language')
    for (const name of ['Settings', undefined]) {
      await page.goBack()
      if (name) await heading(page, name)
      else await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
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

it('a person who is written to from a card over the details of a group is one step of Back away from it', async () => {
  const page = await inChat('Gina Group', { viewport: { width: 1400, height: 760 } })
  await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Two of us', member_ids: [await partnerOf(page)] }])
  await openFromList(page, 'Two of us')
  const group = page.getByRole('heading', { name: /Two of us/, level: 1 })
  await composer(page).pressSequentially('Hello @bo')
  await page.getByRole('option', { name: /Boris/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await group.getByRole('button').click()
  await page.getByRole('complementary').waitFor()
  await page.getByRole('button', { name: '@Boris Keller' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Write a message' }).click()
  const boris = page.getByRole('heading', { name: /Boris Keller/, level: 1 })
  await boris.waitFor()
  // Steps back that are still to come would lead away again.
  await page.waitForTimeout(200)
  expect(await boris.count()).toBe(1)
  await page.goBack()
  await group.waitFor()
  expect(await page.getByRole('complementary').count()).toBe(0)
  await page.context().close()
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
