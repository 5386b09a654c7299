import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { httpClient, type SignedInClient } from '../../support/http-client.ts'
import { type Service, startService } from '../../support/service.ts'
import { done, enter, plainPicture, send, upload } from '../scene.ts'
import { openFromList, settings, type Tab } from '../tab.ts'
import { eventually } from '../waiting.ts'

const OLD = 'Bob Klein'

let service: Service
let browser: Browser
let ann: SignedInClient
let bob: SignedInClient
let his: Tab
const hers: Tab[] = []

/** A private chat and a group in which Bob is named in all ways. */
async function chats(): Promise<void> {
  const { id: own } = await done<{ id: string }>(ann, 'post', '/chats', { kind: 'private', user_id: bob.id })
  await send(bob, own, 'first', { text: 'Hello.' })
  const { id: walks } = await done<{ id: string }>(ann, 'post', '/chats', { kind: 'group', name: 'Walks' })
  await done(ann, 'post', `/chats/${walks}/members`, { user_ids: [bob.id] })
  const { id } = await send(bob, walks, 'said', { text: 'Where to?' })
  await send(ann, walks, 'answer', { text: 'To the lake.', reply_to: id })
  const mentions = [{ kind: 'user', user_id: bob.id, start: 0, length: 4 }]
  await send(ann, walks, 'mention', { text: '@bob, do come.', mentions })
  await send(ann, walks, 'copy', { forward: { chat_id: walks, message_id: id } })
  await send(bob, walks, 'last', { text: 'Fine.' })
}

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  const { register } = httpClient(service.url)
  ;[ann, bob] = await Promise.all([register('Ann Berg'), register(OLD)])
  await chats()
  for (const [locale, info] of [
    ['en-GB', 'Group info'],
    ['ru-RU', 'О группе'],
  ] as const) {
    const tab = await enter(browser, service.url, ann, { locale, reducedMotion: 'reduce' })
    await openFromList(tab.page, 'Walks')
    await tab.page.getByRole('button', { name: info }).last().click()
    hers.push(tab)
  }
  his = await enter(browser, service.url, bob, { reducedMotion: 'reduce' })
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** How often a page says a name, in words and in labels. */
const times = (page: Page, name: string) => page.evaluate((said) => document.body.innerHTML.split(said).length - 1, name)
/** How many pictures there are of people and groups. */
const pictured = (page: Page) => page.locator('[data-avatar] img').count()

async function rename(page: Page, to: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(to)
  await page.keyboard.press('Enter')
  await page.getByText('Saved').first().waitFor()
}

describe('a user who gets another name and picture', () => {
  it('is shown so everywhere on the pages of others, without a reload', async () => {
    for (const { page } of hers) await eventually(async () => expect(await times(page, OLD)).toBeGreaterThanOrEqual(8))
    const before = await Promise.all(hers.map(({ page }) => times(page, OLD)))
    await settings(his.page, 'Profile')
    await rename(his.page, 'Robert Stein')
    for (const [i, { page }] of hers.entries()) {
      await eventually(async () => expect(await times(page, OLD)).toBe(0))
      // What is read late (the members, a picture's label) may have come since.
      expect(await times(page, 'Robert Stein')).toBeGreaterThanOrEqual(before[i]!)
    }
    expect(await Promise.all(hers.map(({ page }) => pictured(page)))).toEqual([0, 0])
    const avatar = await upload(service.url, bob, 'bob.png', await plainPicture(300, 300))
    await done(bob, 'patch', '/users/me', { avatar })
    for (const { page } of [...hers, his]) await eventually(async () => expect(await pictured(page)).toBeGreaterThanOrEqual(2))
    for (const { page } of hers) await eventually(async () => expect(await pictured(page)).toBeGreaterThanOrEqual(4))
  })

  it('is shown so in lists that were read before: what was found, and a card', async () => {
    const { page } = hers[0]!
    await page.getByRole('searchbox').fill('Robert')
    const found = page.getByRole('group', { name: 'Results' }).getByRole('button', { name: /Robert Stein/ })
    await found.first().waitFor()
    const other = hers[1]!.page
    await other.locator('article button', { hasText: 'Robert Stein' }).first().click()
    await other.getByRole('dialog').getByText('Robert Stein').first().waitFor()
    await rename(his.page, 'Rob Stone')
    for (const one of [page, other]) await eventually(async () => expect(await times(one, 'Robert Stein')).toBe(0))
    expect(await other.getByRole('dialog').getByText('Rob Stone').count()).toBeGreaterThan(0)
    expect([...hers, his].flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
