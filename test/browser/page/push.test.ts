import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type PushService, pushService } from '../../support/push-service.ts'
import { type Service, startService } from '../../support/service.ts'
import { eventually } from '../../support/waiting.ts'
import { call, chatIdOf, openTab, register, row, say, settings, writeTo } from '../tab.ts'

let service: Service
let browser: Browser
let to: PushService
beforeAll(async () => {
  to = await pushService()
  ;[service, browser] = await Promise.all([startService({ env: { PUSH_HOSTS: '127.0.0.1' } }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await to?.close()
})

/** The browser's own push service is out of reach: subscriptions belong to that of the test. */
function subscribing({ endpoint, keys }: PushService['subscription']) {
  Object.defineProperty(Notification, 'permission', { get: () => 'granted' })
  let made: object | undefined
  PushManager.prototype.getSubscription = () => Promise.resolve((made ?? null) as PushSubscription | null)
  PushManager.prototype.subscribe = (options) => {
    const text = (options!.applicationServerKey as string).replaceAll('-', '+').replaceAll('_', '/')
    const applicationServerKey = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer
    made = { endpoint, options: { applicationServerKey }, toJSON: () => ({ endpoint, keys }), unsubscribe: () => Promise.resolve(true) }
    return Promise.resolve(made as PushSubscription)
  }
}

it('a message that comes while the page is closed is pushed to this browser, and its reading elsewhere, too; a muted chat is silent', async () => {
  const { page: bob } = await openTab(browser, service.url)
  await register(bob, 'Bob Writes')
  const { page: ann } = await openTab(browser, service.url, { serviceWorkers: 'allow', permissions: ['notifications'] })
  const context = ann.context()
  await context.addInitScript(subscribing, to.subscription)
  await register(ann, 'Ann Away')
  await ann.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await ann.reload()
  await settings(ann, 'Notifications')
  await ann.getByRole('group', { name: 'What a notification shows while the page is closed' }).getByLabel('Name and text').waitFor()
  const state = await context.storageState()

  await ann.close()
  await writeTo(bob, 'Ann Away')
  await say(bob, 'Are you there?')
  await eventually(() => expect(to.messages()).toHaveLength(1), { timeoutMs: 20_000 })
  const [told] = to.messages()
  const chatId = chatIdOf(bob)
  expect(told).toMatchObject({ type: 'message', chat_id: chatId, title: 'Bob Writes', body: 'Are you there?', badge: 1 })

  const { page: elsewhere } = await openTab(browser, service.url, { storageState: state })
  await elsewhere.goto(`${service.url}/#/c/${chatId}`)
  await row(elsewhere, 'Are you there?').waitFor()
  await eventually(() => expect(to.messages()[1]).toMatchObject({ type: 'read', chat_id: chatId, badge: 0 }), { timeoutMs: 30_000 })
  await call(elsewhere, 'PUT', `/chats/${chatId}/notices`, [{ level: null, muted_until: '2100-01-01T00:00:00Z' }])
  await elsewhere.getByRole('navigation').getByRole('img', { name: 'Muted' }).waitFor()
  await elsewhere.close()
  await say(bob, 'Not of this')
  await bob.waitForTimeout(8_000)
  expect(to.messages()).toHaveLength(2)
  await context.close()
  await bob.context().close()
}, 120_000)
