import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { encode } from 'uqr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import {
  call,
  chatIdOf,
  composer,
  idOf,
  openFromList,
  openTab,
  PHONE,
  panelOf,
  partOf,
  register,
  registerInRussian,
  row,
  say,
  type Tab,
  violations,
} from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let anna: Tab
let boris: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  ;[anna, boris] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url, { locale: 'ru-RU' })])
  await register(anna.page, 'Anna Berg')
  await registerInRussian(boris.page, 'Борис')
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** Waits for a line of the log; several that follow each other are folded. */
async function linesOf(page: Page, words: RegExp): Promise<void> {
  const line = page.getByRole('feed').getByText(words).first()
  const more = page.getByRole('feed').getByRole('button', { name: /^(Show|Показать ещё) / })
  await line.or(more).first().waitFor()
  for (const button of await more.all()) if (!(await line.isVisible())) await button.click()
  await line.waitFor()
}

describe('a group', () => {
  it('is made, and its owner says what it is for and who may what', async () => {
    const { page } = anna
    await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Tea party' }])
    await openFromList(page, 'Tea party')
    await composer(page).waitFor()
    await page.getByRole('button', { name: 'Group info' }).last().click()
    const panel = panelOf(page, 'Group info')
    await panel.getByLabel('Description').fill('For those who drink tea')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText('For those who drink tea', { exact: true }).first().waitFor()
    await panel.getByLabel('Slow mode').selectOption({ label: '10 seconds' })
    await panel.getByLabel('Who can add people').selectOption({ label: 'All members' })
    await eventually(async () => expect(await panel.getByLabel('Slow mode').inputValue()).toBe('10'))
  })

  it('lets people in by a link, who are asked first', async () => {
    const panel = panelOf(anna.page, 'Group info')
    await panel.getByRole('button', { name: 'Create a link' }).click()
    const url = await panel.getByTestId('group-invitation').innerText()
    expect(url).toMatch(new RegExp(`^${service.url}/#/join/[\\w-]{22}$`))
    await panel.getByText('Joined: 0').waitFor()
    const { page } = boris
    await page.goto(url)
    const question = page.getByRole('alertdialog', { name: 'Вступить в группу?' })
    await question.waitFor()
    expect(page.url()).not.toContain('join')
    await question.getByRole('button', { name: 'Вступить' }).click()
    await page.getByRole('textbox', { name: 'Сообщение' }).waitFor()
    expect((await new AxeBuilder({ page: anna.page }).include('aside').analyze()).violations).toEqual([])
  })

  it('holds a member back in slow mode, and shows why a muted one cannot write', { timeout: 60_000 }, async () => {
    const { page } = boris
    const field = page.getByRole('textbox', { name: 'Сообщение' })
    await field.fill('Привет')
    await field.press('Enter')
    await row(anna.page, 'Привет').waitFor()
    const send = page.getByRole('button', { name: 'Отправить' })
    await send.getByText(/^\d+$/).waitFor()
    const first = Number(await send.innerText())
    expect(first).toBeLessThanOrEqual(10)
    await eventually(async () => expect(Number(await send.innerText())).toBeLessThan(first))
    expect(await send.getAttribute('title')).toMatch(/^Медленный режим: следующее сообщение уйдёт через \d+\.$/)
    expect(await violations(page, 'main')).toEqual([])
    await linesOf(page, /Anna Berg.: новые правила группы/)
    await linesOf(page, /Борис. теперь в группе/)
    await linesOf(anna.page, /Anna Berg. changed the group description/)
    await linesOf(anna.page, /Борис. joined/)
    await field.fill('Ещё')
    await field.press('Enter')
    await row(page, 'Ещё').waitFor()
    await row(anna.page, 'Ещё').waitFor({ timeout: 15_000 })
    const panel = panelOf(anna.page, 'Group info')
    await panel.getByRole('button', { name: 'Actions for Борис' }).click()
    await anna.page.getByRole('menuitem', { name: 'Mute for 1 hour' }).click()
    await page.getByText(/Вы пока не можете писать\. Снова можно:/).waitFor()
    await panel.getByText(/Muted until/).waitFor()
    await panel.getByRole('button', { name: 'Actions for Борис' }).click()
    await anna.page.getByRole('menuitem', { name: 'Let write again' }).click()
    await field.waitFor()
    await panel.getByLabel('Who can write').selectOption({ label: 'Admins' })
    await page.getByText('В этой группе пишут только администраторы.').waitFor()
    await say(anna.page, 'Only admins now')
    await row(page, 'Only admins now').waitFor()
    expect(await field.count()).toBe(0)
    await linesOf(page, /Борис. пока не может писать/)
    await linesOf(page, /Борис. снова может писать/)
  })

  it('bans a member, who comes back when the ban is lifted', async () => {
    const panel = panelOf(anna.page, 'Group info')
    const { page } = boris
    await panel.getByRole('button', { name: 'Actions for Борис' }).click()
    await anna.page.getByRole('menuitem', { name: 'Ban', exact: true }).click()
    await anna.page.getByRole('alertdialog', { name: 'Ban from the group?' }).getByRole('button', { name: 'Ban', exact: true }).click()
    await page.getByText('Tea party').first().waitFor({ state: 'detached' })
    const url = await panel.getByTestId('group-invitation').innerText()
    const join = async () => {
      await page.goto(url)
      await page.getByRole('button', { name: 'Вступить' }).click()
    }
    await join()
    await page.getByRole('alert').getByText('Доступ в эту группу закрыт.').waitFor()
    await panel.getByRole('button', { name: 'Lift the ban' }).click()
    await panel.getByRole('button', { name: 'Lift the ban' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Вступить' }).click()
    await page.getByText('В этой группе пишут только администраторы.').waitFor()
    await panel.getByRole('button', { name: 'Revoke' }).click()
    await panel.getByTestId('group-invitation').waitFor({ state: 'detached' })
    await panel.getByRole('button', { name: 'Actions for Борис' }).click()
    await anna.page.getByRole('menuitem', { name: 'Remove from the group' }).click()
    await anna.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Tea party').first().waitFor({ state: 'detached' })
    await page.goto(url)
    await page.getByRole('button', { name: 'Вступить' }).click()
    await page.getByRole('alert').getByText('Приглашение больше не действует. Попросите новое.').waitFor()
    await panel.getByRole('button', { name: 'Create a link' }).click()
    await page.goto(await panel.getByTestId('group-invitation').innerText())
    await page.getByRole('button', { name: 'Вступить' }).click()
    await page.getByText('В этой группе пишут только администраторы.').waitFor()
    await openFromList(page, 'Tea party')
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })
})

describe('the list of bans', () => {
  it('follows what other devices do, also of those who are no members; comes page by page, and says when it cannot be had', async () => {
    const clara = await openTab(browser, service.url)
    await register(clara.page, 'Clara Dahl')
    const ids = [await idOf(clara.page), await idOf(boris.page)] as const
    const { page } = anna
    await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Bookshelf' }])
    await openFromList(page, 'Bookshelf')
    await composer(page).waitFor()
    const bans = `/chats/${chatIdOf(page)}/bans`
    await page.getByRole('button', { name: 'Group info' }).last().click()
    const panel = panelOf(page, 'Group info')
    const list = panel.getByRole('list', { name: 'Banned' })
    await call(page, 'PUT', `${bans}/${ids[0]}`, [{ reason: 'Spoilers' }])
    await list.getByText('Clara Dahl').waitFor()
    await list.getByText('Spoilers').waitFor()
    // Pages of one, so that two are enough.
    await page.route(/\/bans\?/, (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/limit=\d+/, 'limit=1'),
      }),
    )
    await call(page, 'PUT', `${bans}/${ids[1]}`)
    await panel.getByRole('button', { name: 'Show more' }).last().click()
    await eventually(async () => expect(await list.getByRole('listitem').count()).toBe(2))
    expect(await violations(page, 'aside')).toEqual([])
    await page.unroute(/\/bans\?/)
    await call(page, 'DELETE', `${bans}/${ids[1]}`)
    await eventually(async () => expect(await list.getByRole('listitem').allInnerTexts()).toEqual([expect.stringContaining('Clara Dahl')]))

    await page.route(/\/bans\?/, (route) => route.abort())
    await panel.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Group info' }).last().click()
    const section = panel.locator('section').filter({ has: page.getByRole('heading', { name: 'Banned' }) })
    await section.getByRole('alert').waitFor()
    await page.unroute(/\/bans\?/)
    await section.getByRole('button', { name: 'Try again' }).press('Enter')
    await list.getByRole('button', { name: /Lift the ban: .Clara Dahl/ }).press('Enter')
    await section.waitFor({ state: 'detached' })
    expect([...anna.complaints, ...clara.complaints]).toEqual([])
    await clara.page.context().close()
  })
})

describe('a link', () => {
  const shared = (page: Page) => page.evaluate(() => (window as unknown as { shared: unknown }).shared)

  it('is drawn as a QR code of exactly that address, and shared as the device does it', async () => {
    const tab = await openTab(browser, service.url, { ...PHONE, colorScheme: 'dark' })
    const { page } = tab
    await page.addInitScript(() => {
      Object.assign(navigator, {
        share: async (data: unknown) => {
          Object.assign(window, { shared: data })
        },
      })
    })
    await page.reload()
    await register(page, 'Dora Falk')
    await page.evaluate(() => location.assign('#/settings/profile'))
    const dialog = page.getByRole('dialog', { name: 'Profile' })
    const url = await dialog.getByTestId('invitation').innerText()
    await dialog.getByRole('button', { name: 'Share' }).tap()
    expect(await shared(page)).toEqual({ url })
    const button = dialog.getByRole('button', { name: 'QR code' })
    expect(await button.getAttribute('aria-expanded')).toBe('false')
    await button.tap()
    const code = dialog.getByRole('img', { name: 'QR code of the link' })
    await code.waitFor()
    const { data, size } = encode(url, { ecc: 'M', border: 4 })
    const dark = (await code.locator('path').getAttribute('d'))!.matchAll(/M(\d+) (\d+)/g)
    const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
    for (const [, x, y] of dark) drawn[Number(y)]![Number(x)] = true
    expect(drawn).toEqual(data)
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await page.addStyleTag({ content: 'html { font-size: 200% }' })
    expect(await partOf(page).evaluate((body) => body.scrollWidth - body.clientWidth)).toBe(0)
    expect(tab.complaints).toEqual([])
    await page.context().close()
  })
})
