import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { tempFolder } from '../../support/places.ts'
import { type Service, startService } from '../../support/service.ts'
import { eventually } from '../../support/waiting.ts'
import { composer, openTab, register, row, say, texts, writeTo } from '../tab.ts'

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

describe('the page without a network', () => {
  it('opens, is signed in, and sends later, once', async () => {
    const { page, complaints } = await openTab(browser, service.url, { serviceWorkers: 'allow' })
    await register(page, 'Ada Away')
    await writeTo(page, 'Boris Keller')
    await say(page, 'At home')
    await row(page, 'At home').getByRole('img', { name: 'Sent' }).waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready)
    await eventually(async () => expect(await page.evaluate(() => navigator.serviceWorker.controller?.state ?? 'none')).toBe('activated'))
    await service.stop()
    await page.reload()
    await page.getByRole('navigation', { name: 'Chats' }).waitFor()
    await say(page, 'On the way')
    expect(await composer(page).inputValue()).toBe('')
    service = await startService({ folder: folder.path, port: service.port, env: { DEMO: 'on' } })
    await eventually(async () => expect((await texts(page)).slice(-2)).toEqual(['At home', 'On the way']), { timeoutMs: 40_000 })
    await row(page, 'On the way').getByRole('img', { name: 'Sent' }).waitFor()
    expect(complaints.filter((complaint) => !/Failed to fetch|ERR_/.test(complaint))).toEqual([])
    await page.context().close()
  }, 90_000)

  it.each(['/favicon.ico', '/icon-180.png', '/icon-192.png', '/icon-512.png', '/icon-maskable.png'])(
    'has %s as a picture',
    async (path) => {
      const answer = await fetch(service.url + path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^image\//)
    },
  )
})
