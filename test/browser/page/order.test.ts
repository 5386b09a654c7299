import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { eventually } from '../../support/waiting.ts'
import { call, composer, openFromList, openTab, register, row, say, type Tab } from '../tab.ts'

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

async function registerInRussian(page: Page, name: string): Promise<void> {
  await page.getByLabel('Имя', { exact: true }).fill(name)
  await page.getByLabel('Почта').fill('boris@example.com')
  await page.getByLabel('Пароль', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Создать аккаунт' }).click()
  await page.getByRole('navigation').waitFor()
}

/** Waits for a line of the log; several that follow each other are folded. */
async function linesOf(page: Page, words: RegExp): Promise<void> {
  const line = page.getByRole('feed').getByText(words).first()
  const more = page.getByRole('feed').getByRole('button', { name: /^(Show|Показать ещё) / })
  await line.or(more).first().waitFor()
  for (const button of await more.all()) if (!(await line.isVisible())) await button.click()
  await line.waitFor()
}

const panelOf = (page: Page, name: string) => page.getByRole('complementary', { name })

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
    await openFromList(page, 'Tea party')
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })
})
