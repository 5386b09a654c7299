import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchWholeBrowser } from '../../support/browser.ts'
import { type PushService, pushService } from '../../support/push-service.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, chatIdOf, openTab, register, row, say, settings, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let to: PushService
beforeAll(async () => {
  to = await pushService()
  ;[service, browser] = await Promise.all([startService({ env: { PUSH_HOSTS: '127.0.0.1' } }), launchWholeBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await to?.close()
})

/** The browser's own push service is out of reach: subscriptions belong to that of the test. */
function subscribing({ endpoint, keys }: PushService['subscription']) {
  let made: object | undefined
  PushManager.prototype.getSubscription = () => Promise.resolve((made ?? null) as PushSubscription | null)
  PushManager.prototype.subscribe = (options) => {
    const text = (options!.applicationServerKey as string).replaceAll('-', '+').replaceAll('_', '/')
    const applicationServerKey = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer
    made = { endpoint, options: { applicationServerKey }, toJSON: () => ({ endpoint, keys }), unsubscribe: () => Promise.resolve(true) }
    return Promise.resolve(made as PushSubscription)
  }
}

interface Notices {
  /** As the browser does with what its push service has sent. */
  push(message: object): Promise<void>
  /** What the browser shows. */
  shown(): Promise<unknown[]>
}

async function noticesOf(context: BrowserContext, origin: string): Promise<Notices> {
  const cdp = await context.newCDPSession(await context.newPage())
  const registered = new Promise<string>((resolve) =>
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [first] }) => first && resolve(first.registrationId)),
  )
  await cdp.send('ServiceWorker.enable')
  const registrationId = await registered
  return {
    async push(message) {
      await cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(message) })
    },
    shown: async () =>
      (await context
        .serviceWorkers()
        .at(-1)
        ?.evaluate(async () => {
          const { registration } = self as unknown as { readonly registration: ServiceWorkerRegistration }
          return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }))
        })) ?? [],
  }
}

it('a message that comes while the page is closed is pushed to this browser, which shows it until it is read elsewhere; a muted chat is silent', async () => {
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
  await eventually(() => expect(to.messages()).toHaveLength(1))
  const [told] = to.messages()
  const chatId = chatIdOf(bob)
  expect(told).toMatchObject({ type: 'message', chat_id: chatId, title: 'Bob Writes', body: 'Are you there?', badge: 1 })
  const { push, shown } = await noticesOf(context, service.url)
  await push(told!)
  await eventually(async () => expect(await shown()).toEqual([{ title: 'Bob Writes', body: 'Are you there?', tag: chatId }]))

  const { page: elsewhere } = await openTab(browser, service.url, { storageState: state })
  await elsewhere.goto(`${service.url}/#/c/${chatId}`)
  await row(elsewhere, 'Are you there?').waitFor()
  await eventually(() => expect(to.messages()[1]).toMatchObject({ type: 'read', chat_id: chatId, badge: 0 }))
  await push(to.messages()[1]!)
  await eventually(async () => expect(await shown()).toEqual([]))
  await call(elsewhere, 'PUT', `/chats/${chatId}/notices`, [{ level: null, muted_until: '2100-01-01T00:00:00Z' }])
  await elsewhere.getByRole('navigation').getByRole('img', { name: 'Muted' }).waitFor()
  await elsewhere.close()
  await say(bob, 'Not of this')
  await bob.waitForTimeout(8_000)
  expect(to.messages()).toHaveLength(2)
  await context.close()
  await bob.context().close()
}, 120_000)
