import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { tempFolder } from '../../support/places.ts'
import { type Service, startService } from '../../support/service.ts'
import { composer, openTab, register, row, say, settings, texts, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let folder: Awaited<ReturnType<typeof tempFolder>>
let service: Service
let browser: Browser
beforeAll(async () => {
  folder = await tempFolder('windi-chat-offline')
  ;[service, browser] = await Promise.all([startService({ folder: folder.path, env: { DEMO: 'on' } }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await folder?.remove()
})

/** Of how many users the browser keeps a copy. */
const copiesIn = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('windi-chat.copies')
        request.onerror = () => reject(new Error('not to be opened'))
        request.onsuccess = () => {
          const database = request.result
          if (!database.objectStoreNames.contains('copies')) {
            database.close()
            indexedDB.deleteDatabase('windi-chat.copies')
            return resolve(0)
          }
          const count = database.transaction('copies').objectStore('copies').count()
          count.onsuccess = () => resolve(count.result)
          database.close()
        }
      }),
  )

describe('the page without a network', () => {
  it('opens, is signed in, and sends later, once', async () => {
    const { page, complaints } = await openTab(browser, service.url, { serviceWorkers: 'allow' })
    await register(page, 'Ada Away')
    await writeTo(page, 'Boris Keller')
    await say(page, 'At home')
    await row(page, 'At home').getByRole('img', { name: 'Sent' }).waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready)
    await eventually(async () => expect(await page.evaluate(() => navigator.serviceWorker.controller?.state ?? 'none')).toBe('activated'))
    await eventually(async () => expect(await copiesIn(page)).toBe(1))
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await service.stop()
    await page.reload()
    await page.getByRole('navigation', { name: 'Chats' }).waitFor()
    // What was seen before is there: the chat in the list, and its messages.
    await page.getByRole('navigation').getByRole('link', { name: 'Boris Keller' }).waitFor()
    await row(page, 'At home').waitFor()
    await say(page, 'On the way')
    expect(await composer(page).inputValue()).toBe('')
    service = await startService({ folder: folder.path, port: service.port, env: { DEMO: 'on' } })
    await eventually(async () => expect((await texts(page)).slice(-2)).toEqual(['At home', 'On the way']))
    await row(page, 'On the way').getByRole('img', { name: 'Sent' }).waitFor()
    expect(complaints.filter((complaint) => !/Failed to fetch|ERR_/.test(complaint))).toEqual([])
    await page.context().close()
  })

  it('keeps nothing of a user who has signed out', async () => {
    const { page } = await openTab(browser, service.url)
    await register(page, 'Eva Leaves')
    await writeTo(page, 'Boris Keller')
    await say(page, 'Only between us')
    await row(page, 'Only between us').getByRole('img', { name: 'Sent' }).waitFor()
    await eventually(async () => expect(await copiesIn(page)).toBe(1))
    await settings(page, 'Account')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page
      .getByRole('button', { name: /Create account|Sign in/ })
      .first()
      .waitFor()
    await eventually(async () => expect(await copiesIn(page)).toBe(0))
    await page.context().close()
  })

  it.each(['/favicon.ico', '/icon-180.png', '/icon-192.png', '/icon-512.png', '/icon-maskable.png'])(
    'has %s as a picture',
    async (path) => {
      const answer = await fetch(service.url + path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^image\//)
    },
  )
})
