import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { httpClient, type Reply, type SignedInClient } from '../../support/http-client.ts'
import { type Service, startService } from '../../support/service.ts'
import {
  composer,
  deviceOf,
  enlarge,
  openFromList,
  openTab,
  PHONE,
  panelOf,
  register,
  settings,
  sidewaysOf,
  type Tab,
  violations,
} from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let anna: Tab
let owner: SignedInClient

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  anna = await openTab(browser, service.url)
  await register(anna.page, 'Anna Berg')
  owner = await httpClient(service.url).login('anna.berg@example.com', 'correct horse battery')
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** A group of Anna's: people who ask to come in, people who may not, and links. Names are as long as the column is wide. */
async function groupOf(name: string, { asking = 0, banned = 0, links = 0 }): Promise<string> {
  const { id } = (await owner.call<{ id: string }>('post', '/chats', { kind: 'group', name, member_ids: [] })).body
  const newcomer = (who: string) => httpClient(service.url).register(`${who} Longfellow-Wintergreen`)
  const made = async <T>(reply: Promise<Reply<T>>): Promise<T> => {
    const { status, body } = await reply
    expect(status).toBeLessThan(300)
    return body
  }
  const ban = { reason: 'Advertised the same stones again and again', until: '2999-01-01T00:00:00Z' }
  for (let i = 1; i <= banned; i++) await made(owner.call('put', `/chats/${id}/bans/${(await newcomer(`Banned ${i}`)).id}`, ban))
  const invite = (body: object) => made(owner.call<{ code: string }>('post', `/chats/${id}/invitations`, body))
  const { code } = await invite({ approval: true })
  for (let i = 1; i <= asking; i++) await made((await newcomer(`Asking ${i}`)).call('post', '/chats/requests', { code }))
  for (let i = 1; i < links; i++) await invite({})
  return id
}

async function openInfo(page: Page, name: string, words = 'Group info'): Promise<void> {
  await openFromList(page, name)
  await page.getByRole('heading', { name, level: 1 }).getByRole('button').click()
  await panelOf(page, words).waitFor()
}

const locales = {
  'en-GB': {
    info: 'Group info',
    requests: 'Requests to join',
    decline: /^Decline:/,
    links: 'Invitation links',
    create: 'Create a link',
    revoke: 'Revoke',
    banned: 'Banned',
    lift: /^Lift the ban:/,
    keep: 'Keep messages',
    week: '1 week',
    shorter: 'Delete older messages',
    cancel: 'Cancel',
    close: 'Close',
    again: 'Try again',
    away: /The server can't be reached/,
  },
  'ru-RU': {
    info: 'О группе',
    requests: 'Запросы на вступление',
    decline: /^Отклонить:/,
    links: 'Ссылки-приглашения',
    create: 'Создать ссылку',
    revoke: 'Отозвать',
    banned: 'Доступ закрыт',
    lift: /^Открыть доступ:/,
    keep: 'Срок хранения сообщений',
    week: '1 неделя',
    shorter: 'Удалить старые сообщения',
    cancel: 'Отмена',
    close: 'Закрыть',
    again: 'Повторить',
    away: /Сервер недоступен/,
  },
} as const
type Locale = keyof typeof locales

describe.each(Object.keys(locales) as Locale[])('the panel of a group, on a phone with text at 200 per cent, %s', (locale) => {
  const words = locales[locale]
  let tab: Tab
  let page: Page
  const panel = () => panelOf(page, words.info)
  const list = (name: string) => panel().getByRole('list', { name })
  /** What could not be done is said, until it is closed. A list that could not be read again says so, too, and has nothing to close. */
  const told = () =>
    page
      .getByRole('alert')
      .filter({ hasText: words.away })
      .filter({ has: page.getByRole('button', { name: words.close }) })
  async function isRefused(): Promise<void> {
    await told().first().waitFor()
    for (const one of await told().all()) await one.getByRole('button', { name: words.close }).first().tap()
    await told().first().waitFor({ state: 'detached' })
  }

  beforeAll(async () => {
    await groupOf(`Choir ${locale}`, { asking: 2, banned: 2, links: 2 })
    tab = await deviceOf(browser, anna, { ...PHONE, locale, colorScheme: locale === 'en-GB' ? 'light' : 'dark' })
    page = tab.page
    await enlarge(page)
    await openInfo(page, `Choir ${locale}`, words.info)
    for (const name of [words.requests, words.links, words.banned]) await list(name).getByRole('listitem').nth(1).waitFor()
  })
  afterAll(() => page?.context().close())

  it('fits, is accessible, and cuts no button', async () => {
    expect(await sidewaysOf(page, 'aside')).toBe(0)
    expect(await violations(page, 'aside')).toEqual([])
    const cut = (all: HTMLElement[]) =>
      all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1).map((one) => one.outerHTML)
    expect(await panel().getByRole('button').evaluateAll(cut)).toEqual([])
    for (const name of [words.requests, words.links, words.banned])
      expect(await list(name).locator('span, bdi').evaluateAll(cut)).toEqual([])
  })

  it('has no two buttons of one name', async () => {
    const names = await panel()
      .getByRole('button')
      .evaluateAll((all) => all.map((one) => one.ariaLabel ?? one.textContent))
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it('says so of each deed that fails without a network, and leaves everything as it was', async () => {
    await page.context().setOffline(true)
    for (const deed of [words.decline, words.revoke, words.lift, words.create]) {
      await panel().getByRole('button', { name: deed }).first().tap()
      await isRefused()
    }
    for (const name of [words.requests, words.links, words.banned]) expect(await list(name).getByRole('listitem').count()).toBe(2)
    await panel().getByLabel(words.keep).selectOption({ label: words.week })
    const question = page.getByRole('alertdialog')
    await question.getByRole('button', { name: words.shorter }).tap()
    await question.getByText(words.away).waitFor()
    expect(await violations(page, '[role=alertdialog]')).toEqual([])
    expect(await sidewaysOf(page, '[role=alertdialog]')).toBe(0)
    await question.getByRole('button', { name: words.cancel }).tap()
    expect(await panel().getByLabel(words.keep).inputValue()).toBe('0')

    await panel().getByRole('button', { name: words.close }).first().tap()
    await page
      .getByRole('heading', { name: `Choir ${locale}`, level: 1 })
      .getByRole('button')
      .tap()
    const again = panel().getByRole('button', { name: words.again })
    await eventually(async () => expect(await again.count()).toBeGreaterThanOrEqual(3))
    expect(await violations(page, 'aside')).toEqual([])
    expect(await sidewaysOf(page, 'aside')).toBe(0)
    await page.context().setOffline(false)
    while ((await again.count()) > 0) await again.first().tap()
    for (const name of [words.requests, words.links, words.banned]) await list(name).getByRole('listitem').nth(1).waitFor()
  })

  it('is used by finger', async () => {
    for (const [name, deed] of [
      [words.requests, words.decline],
      [words.links, words.revoke],
      [words.banned, words.lift],
    ] as const) {
      await list(name).getByRole('button', { name: deed }).first().tap()
      await eventually(async () => expect(await list(name).getByRole('listitem').count()).toBe(1))
    }
    expect(tab.complaints).toEqual([])
  })
})

it('the panel stands beside the messages as soon as there is room for both', async () => {
  const { page } = anna
  await groupOf('Wide', {})
  await openInfo(page, 'Wide')
  const edges = async (width: number) => {
    await page.setViewportSize({ width, height: 760 })
    const [main, aside] = await Promise.all([page.locator('main').boundingBox(), page.locator('aside').boundingBox()])
    return Math.round(main!.x + main!.width - aside!.x)
  }
  expect(await edges(1_280)).toBeLessThanOrEqual(0)
  expect(await edges(1_279)).toBeGreaterThan(300)
  await page.setViewportSize({ width: 1_100, height: 760 })
})

describe('a row that goes by its own button', () => {
  const focused = (page: Page) =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')

  it.each([
    ['Banned', /^Lift the ban/, { banned: 3 }, 3],
    ['Requests to join', /^Decline/, { asking: 3 }, 3],
    ['Invitation links', /^Revoke/, { links: 3 }, 3],
  ] as const)(
    'hands the focus to the same button of its neighbour, and the last one to what follows: %s',
    async (name, deed, given, count) => {
      const { page } = anna
      await groupOf(`Focus ${name}`, given)
      await openInfo(page, `Focus ${name}`)
      const list = panelOf(page, 'Group info').getByRole('list', { name })
      const buttons = list.getByRole('button', { name: deed })
      await eventually(async () => expect(await buttons.count()).toBe(count))
      // The one in the middle, then the last one, then the only one.
      for (const [at, then] of [
        [1, 1],
        [1, 0],
      ] as const) {
        const before = await buttons.count()
        await buttons.nth(at).press('Enter')
        await eventually(async () => expect(await buttons.count()).toBe(before - 1))
        expect(await buttons.nth(then).evaluate((button) => button === document.activeElement)).toBe(true)
      }
      await buttons.press('Enter')
      await list.waitFor({ state: 'detached' })
      await eventually(async () => expect(await page.evaluate(() => document.activeElement?.tagName)).toMatch(/^(BUTTON|INPUT|SELECT)$/))
      expect(await panelOf(page, 'Group info').locator(':focus').count()).toBe(1)
      expect(await focused(page)).not.toBe('Close')
    },
  )

  it('does so among the devices of a user and among those who are blocked', async () => {
    const { page } = anna
    for (let i = 0; i < 2; i++) await httpClient(service.url).login('anna.berg@example.com', 'correct horse battery')
    await settings(page, 'Devices')
    const ends = page.getByRole('dialog').getByRole('button', { name: /^Sign out on/ })
    await ends.nth(1).waitFor()
    const count = await ends.count()
    await ends.first().press('Enter')
    await eventually(async () => expect(await ends.count()).toBe(count - 1))
    expect(await ends.first().evaluate((button) => button === document.activeElement)).toBe(true)

    for (const name of ['Kay', 'Lou']) await owner.call('put', `/users/me/blocks/${(await httpClient(service.url).register(name)).id}`)
    await page.getByRole('tab', { name: 'Privacy' }).click()
    const unblock = page.getByRole('dialog').getByRole('button', { name: /^Unblock/ })
    await unblock.nth(1).waitFor()
    await unblock.nth(1).press('Enter')
    await eventually(async () => expect(await unblock.count()).toBe(1))
    expect(await unblock.evaluate((button) => button === document.activeElement)).toBe(true)
    await unblock.press('Enter')
    await page.getByText('You have blocked no one.').waitFor()
    expect(
      await page
        .getByRole('dialog')
        .getByRole('radio')
        .last()
        .evaluate((radio) => radio === document.activeElement),
    ).toBe(true)
    await page.keyboard.press('Escape')
  })

  it('does so when the row has gone before its question', async () => {
    const { page } = anna
    const chat = await groupOf('Staff', {})
    const ids = []
    for (const name of ['Mia Holm', 'Nils Aas']) ids.push((await httpClient(service.url).register(name)).id)
    await owner.call('post', `/chats/${chat}/members`, { user_ids: ids })
    await openInfo(page, 'Staff')
    const actions = (name: string) => panelOf(page, 'Group info').getByRole('button', { name: `Actions for ${name}` })
    await actions('Mia Holm').press('Enter')
    await page.getByRole('menuitem', { name: 'Remove from the group' }).press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).press('Enter')
    await actions('Mia Holm').waitFor({ state: 'detached' })
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await eventually(async () => expect(await actions('Nils Aas').evaluate((button) => button === document.activeElement)).toBe(true))
  })

  it('does what a key that is held down does once', async () => {
    const { page } = anna
    await groupOf('Held', { banned: 3 })
    await openInfo(page, 'Held')
    const list = panelOf(page, 'Group info').getByRole('list', { name: 'Banned' })
    await list.getByRole('listitem').nth(2).waitFor()
    await list.getByRole('button').first().focus()
    await page.keyboard.down('Enter')
    await eventually(async () => expect(await list.getByRole('listitem').count()).toBe(2))
    await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await list.getByRole('button').first().press('Tab')
    expect(await list.getByRole('listitem').count()).toBe(2)
    expect(anna.complaints).toEqual([])
    await composer(page).waitFor()
  })
})
