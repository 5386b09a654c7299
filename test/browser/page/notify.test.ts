import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { chatIdOf, openFromList, openTab, register, row, say, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

interface Told {
  readonly title: string
  readonly body: string
  readonly tag: string
  onclick?: () => void
}
declare global {
  interface Window {
    told: Told[]
    tones: number
    isHidden: boolean
  }
}

let service: Service
let browser: Browser
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** Counts sounds, keeps notifications, and lets a test put the page out of sight. */
function recorder(permission: NotificationPermission) {
  Object.assign(window, { told: [], tones: 0, isHidden: false })
  class Recorded {
    static permission = permission
    static async requestPermission() {
      Recorded.permission = 'granted'
      return Recorded.permission
    }
    onclick?: () => void
    readonly title: string
    readonly body: string
    readonly tag: string
    constructor(title: string, { body = '', tag = '' }: NotificationOptions) {
      this.title = title
      this.body = body
      this.tag = tag
      window.told.push(this)
    }
    close() {}
  }
  Object.assign(window, { Notification: Recorded })
  const { createOscillator } = AudioContext.prototype
  AudioContext.prototype.createOscillator = function counted(this: AudioContext) {
    window.tones++
    return createOscillator.call(this)
  }
  Object.defineProperty(document, 'visibilityState', { get: () => (window.isHidden ? 'hidden' : 'visible') })
  document.hasFocus = () => !window.isHidden
}

const hide = (page: Page) =>
  page.evaluate(() => {
    window.isHidden = true
    document.dispatchEvent(new Event('visibilitychange'))
    dispatchEvent(new Event('blur'))
  })
const toldIn = (pages: readonly Page[]) =>
  Promise.all(pages.map((page) => page.evaluate(() => window.told.map(({ title, body, tag }) => ({ title, body, tag }))))).then((all) =>
    all.flat(),
  )
const tonesIn = async (pages: readonly Page[]) =>
  (await Promise.all(pages.map((page) => page.evaluate(() => window.tones)))).reduce((sum, tones) => sum + tones, 0)

/** The sound that is usual has so many tones. */
const ONE_SOUND = 2

describe('five tabs of a user', () => {
  it('make one sound together while one is in sight, else one notification, and nothing for what is looked at', async () => {
    const { page: bob } = await openTab(browser, service.url)
    await register(bob, 'Bob Writes')
    const first = await openTab(browser, service.url)
    await first.page.context().addInitScript(recorder, 'granted' as const)
    await register(first.page, 'Ann Listens')
    await first.page.reload()
    const pages = [first.page]
    while (pages.length < 5) {
      const page = await first.page.context().newPage()
      await page.goto(service.url)
      pages.push(page)
    }
    for (const page of pages) await page.getByRole('navigation', { name: 'Chats' }).waitFor()

    await writeTo(bob, 'Ann Listens')
    await say(bob, 'Is anybody there?')
    for (const page of pages) await page.getByRole('navigation').getByText('Is anybody there?').waitFor()
    await eventually(async () => expect(await tonesIn(pages)).toBe(ONE_SOUND))
    expect(await toldIn(pages)).toEqual([])
    expect(await pages[4]!.title()).toMatch(/^\(1\)/)

    await openFromList(pages[2]!, 'Bob Writes')
    await row(pages[2]!, 'Is anybody there?').waitFor()
    await eventually(async () => expect(await pages[4]!.title()).not.toMatch(/^\(/))
    await pages[2]!.waitForTimeout(2_100)
    await say(bob, 'You are looking at this')
    for (const page of pages) await page.getByRole('navigation').getByText('You are looking at this').waitFor()
    await pages[2]!.waitForTimeout(300)
    expect(await tonesIn(pages)).toBe(ONE_SOUND)

    for (const page of pages) await hide(page)
    await say(bob, 'And now?')
    await eventually(async () => expect(await toldIn(pages)).toHaveLength(1))
    expect(await toldIn(pages)).toEqual([{ title: 'Bob Writes', body: 'And now?', tag: chatIdOf(bob) }])
    expect(await tonesIn(pages)).toBe(2 * ONE_SOUND)
    const speaker = pages.find((page) => page !== pages[2])!
    await Promise.all(pages.map((page) => page.evaluate(() => window.told[0]?.onclick?.())))
    await row(speaker, 'And now?').waitFor()
    await first.page.context().close()
    await bob.context().close()
  })
})

describe('the page', () => {
  it('asks for notifications after the first message, not at load, and not again at once', async () => {
    const tab = await openTab(browser, service.url)
    await tab.page.context().addInitScript(recorder, 'default' as const)
    await register(tab.page, 'Cleo Asked')
    await tab.page.reload()
    const { page } = tab
    await page.getByRole('navigation', { name: 'Chats' }).waitFor()
    const offer = page.getByRole('group', { name: 'Get notified of new messages?' })
    expect(await offer.count()).toBe(0)
    await writeTo(page, 'Bob Writes')
    await say(page, 'First')
    await offer.getByRole('button', { name: 'Not now' }).click()
    await say(page, 'Second')
    await row(page, 'Second').getByRole('img', { name: 'Sent' }).waitFor()
    expect(await offer.count()).toBe(0)
    await page.context().close()
  })
})

describe('the icon of the tab', () => {
  it('stays where its picture cannot be had, and has a dot with the next message', async () => {
    const { page: bob } = await openTab(browser, service.url)
    await register(bob, 'Bob Dots')
    const { page, complaints } = await openTab(browser, service.url)
    await register(page, 'Ann Unread')
    const icon = () => page.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href)
    const plain = await icon()
    const refused: string[] = []
    await page.route('**/icon.svg', (route) => {
      refused.push(route.request().url())
      return route.abort()
    })

    await writeTo(bob, 'Ann Unread')
    await say(bob, 'One')
    await eventually(() => expect(refused).toHaveLength(1))
    await eventually(async () => expect(await page.title()).toMatch(/^\(1\)/))
    expect([await icon(), complaints]).toEqual([plain, []])
    await page.unroute('**/icon.svg')
    await say(bob, 'Two')
    await eventually(async () => expect(await icon()).toMatch(/^data:image\/png/))
    expect(complaints).toEqual([])
    await page.context().close()
    await bob.context().close()
  })
})
