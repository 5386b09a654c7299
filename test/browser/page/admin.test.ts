import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { windiChat } from '../../support/command.ts'
import { type Service, startService } from '../../support/service.ts'
import {
  call,
  chatIdOf,
  choose,
  composer,
  deviceOf,
  enlarge,
  idOf,
  openFromList,
  openPart,
  openTab,
  PHONE,
  register,
  row,
  say,
  sidewaysOf,
  type Tab,
  violations,
} from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
/** A member of the staff, an author and a reader. */
let vera: Tab
let anna: Tab
let boris: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  ;[vera, anna, boris] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url), openTab(browser, service.url)])
  await register(vera.page, 'Vera Holm')
  await register(anna.page, 'Anna Berg')
  await register(boris.page, 'Boris Lund')
  const { status, stderr } = await windiChat(service.folder, ['user', 'admin', 'vera.holm@example.com'])
  if (status !== 0) throw new Error(stderr)
  await vera.page.reload()
  await vera.page.getByRole('button', { name: 'Administration' }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const adminOf = (page: Page) => page.getByRole('dialog', { name: 'Administration' })
const personOf = (page: Page) => page.getByRole('dialog', { name: 'Profile' })
const tab = (page: Page, name: string) => adminOf(page).getByRole('tab', { name })
/** Begins at the address of a part. */
async function administer(page: Page, part: string): Promise<void> {
  // From another document: a step through the history of the page would cut a reload off.
  await page.goto('about:blank')
  await page.goto(`${service.url}/#/admin/${part}`)
  await adminOf(page).waitFor()
}
async function newcomer(name: string): Promise<Tab> {
  const opened = await openTab(browser, service.url)
  await register(opened.page, name)
  return opened
}
async function manage(page: Page, name: string): Promise<void> {
  await administer(page, 'people')
  await adminOf(page).getByRole('searchbox').fill(name)
  await adminOf(page)
    .getByRole('button', { name: new RegExp(`Manage .${name}`) })
    .click()
  await personOf(page).waitFor()
}
async function signIn(page: Page, login: string, password = 'correct horse battery'): Promise<void> {
  await page.getByLabel('Email or username').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

describe('a report', () => {
  it('reaches the staff, who delete the message for everyone and see it in the audit', { timeout: 60_000 }, async () => {
    const { page } = vera
    const scripts: string[] = []
    page.on('request', (request) => scripts.push(new URL(request.url()).pathname))
    await call(anna.page, 'POST', '/chats', [{ kind: 'group', name: 'Tea party', member_ids: [await idOf(boris.page)] }])
    await openFromList(anna.page, 'Tea party')
    await say(anna.page, 'Buy my stones')
    await openFromList(boris.page, 'Tea party')
    await row(boris.page, 'Buy my stones').waitFor()
    await choose(boris.page, 'Buy my stones', 'Report')
    const form = boris.page.getByRole('dialog', { name: 'Report the message' })
    await form.getByRole('radio', { name: 'Spam' }).check()
    await form.getByLabel('Comment (optional)').fill('The third time today')
    await form.getByRole('button', { name: 'Send report' }).click()
    await boris.page.getByText('Thank you.').waitFor()

    expect(scripts.filter((path) => /assets\/admin/.test(path))).toEqual([])
    await page.getByRole('button', { name: 'Administration' }).click()
    await adminOf(page).waitFor()
    expect(new URL(page.url()).hash).toBe('#/admin/reports')
    const report = adminOf(page).getByRole('list', { name: 'Open' }).getByRole('listitem')
    await report.getByText('Buy my stones').waitFor()
    await report.getByText('The third time today').waitFor()
    await report.getByText(/Author: .Anna Berg/).waitFor()
    await report.getByText(/Reported by: .Boris Lund/).waitFor()
    await report.getByText(/Group: .Tea party/).waitFor()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await report.getByRole('button', { name: 'Delete the message' }).click()
    const question = page.getByRole('alertdialog', { name: 'Delete the message?' })
    expect(await violations(page, '[role=alertdialog]')).toEqual([])
    await question.getByRole('button', { name: 'Cancel' }).click()
    await report.getByText('Buy my stones').waitFor()
    await report.getByRole('button', { name: 'Delete the message' }).press('Enter')
    await question.getByRole('button', { name: 'Delete the message' }).press('Enter')
    await page.getByText('Resolved: message deleted').waitFor()
    await adminOf(page).getByText('No open reports').waitFor()
    await row(boris.page, 'Message deleted').waitFor()
    await row(anna.page, 'Message deleted').waitFor()

    await adminOf(page).getByRole('radio', { name: 'Resolved' }).check()
    const resolved = adminOf(page).getByRole('list', { name: 'Resolved' })
    await resolved.getByText('Resolved: message deleted').waitFor()
    await resolved.getByText(/By: .Vera Holm/).waitFor()
    expect(await resolved.getByRole('button').count()).toBe(0)
    await tab(page, 'Audit').click()
    const trace = adminOf(page).getByRole('list', { name: 'Audit' })
    await trace.getByText('Report resolved').waitFor()
    await trace.getByText(/By: .Vera Holm.* · About: .Anna Berg.* · Delete the message/).waitFor()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await page.goBack()
    await adminOf(page).waitFor({ state: 'detached' })
  })

  it('bans its author from the group', async () => {
    const { page } = vera
    await call(boris.page, 'POST', '/chats', [{ kind: 'group', name: 'Coffee', member_ids: [await idOf(anna.page)] }])
    await openFromList(anna.page, 'Coffee')
    await say(anna.page, 'Still my stones')
    await say(anna.page, 'Only today')
    await openFromList(boris.page, 'Coffee')
    for (const text of ['Still my stones', 'Only today']) {
      await choose(boris.page, text, 'Report')
      await boris.page.getByRole('dialog').getByRole('radio', { name: 'Insult or threat' }).check()
      await boris.page.getByRole('dialog').getByRole('button', { name: 'Send report' }).click()
      await boris.page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await administer(page, 'reports')
    const open = adminOf(page).getByRole('list', { name: 'Open' }).getByRole('listitem')
    const report = open.filter({ hasText: 'Still my stones' })
    await report.getByRole('button', { name: 'Ban from the group' }).press('Enter')
    const question = page.getByRole('alertdialog', { name: 'Ban the author?' })
    await question.getByText(/.Anna Berg. is removed from the group/).waitFor()
    await question.getByRole('button', { name: 'Ban from the group' }).press('Enter')
    await question.waitFor({ state: 'detached' })
    const other = open.filter({ hasText: 'Only today' }).getByRole('button', { name: 'Ban from the group' })
    await eventually(async () => expect(await other.evaluate((button) => button === document.activeElement)).toBe(true))
    await anna.page.getByText('You were removed from the group.').waitFor()
    expect(await composer(anna.page).count()).toBe(0)
  })
})

describe('a person', () => {
  it('is disabled, which signs out at once and is said at sign-in, and enabled again', async () => {
    const { page } = vera
    const clara = await newcomer('Clara Dahl')
    await manage(page, 'Clara Dahl')
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await personOf(page).getByRole('button', { name: 'Disable the account' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable the account' }).click()
    await personOf(page).getByText('Disabled: Today').waitFor()
    await clara.page.getByLabel('Email or username').waitFor()
    await signIn(clara.page, 'clara.dahl@example.com')
    await clara.page.getByText('This account was disabled by the staff.').waitFor()
    await personOf(page).getByRole('list', { name: 'What was done about this person' }).getByText('Account disabled').waitFor()
    await personOf(page).getByRole('button', { name: 'Enable the account' }).press('Enter')
    await personOf(page).getByRole('button', { name: 'Disable the account' }).waitFor()
    await clara.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await clara.page.getByRole('navigation').waitFor()
    await clara.page.context().close()
  })

  it('gets another name and a code for another password; a name that is taken stays with the reason', async () => {
    const { page } = vera
    const david = await newcomer('David Kern')
    await manage(page, 'David Kern')
    const person = personOf(page)
    await person.getByLabel('Username').fill('borislund')
    await person.getByRole('button', { name: 'Save' }).click()
    await person.getByText('This username is already taken.').waitFor()
    expect(await person.getByLabel('Username').inputValue()).toBe('borislund')
    await person.getByLabel('Username').fill('david-k')
    await person.getByLabel('Name', { exact: true }).fill('David Korn')
    await person.getByLabel('Name', { exact: true }).press('Enter')
    await person.getByText('David Korn', { exact: true }).waitFor()
    await person.getByText('@david-k').waitFor()
    await person.getByRole('button', { name: 'Make a recovery code' }).click()
    const code = await person.getByTestId('recovery-code').innerText()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await person.getByRole('button', { name: 'Sign out all devices' }).click()
    await david.page.getByRole('button', { name: 'Forgot password?' }).click()
    await david.page.getByRole('button', { name: 'I have a code' }).click()
    await david.page.getByLabel('Code', { exact: true }).fill(code)
    await david.page.getByLabel('New password').fill('another horse battery')
    await david.page.getByLabel('New password').press('Enter')
    await david.page.getByRole('navigation').waitFor()
    await david.page.context().close()
  })

  it('is exported and deleted', async () => {
    const { page } = vera
    const emil = await newcomer('Emil Stark')
    await manage(page, 'Emil Stark')
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      personOf(page).getByRole('button', { name: 'Export the data' }).click(),
    ])
    expect(saved.suggestedFilename()).toMatch(/^windi-chat-[\da-f-]{36}\.jsonl$/)
    expect(await readFile(await saved.path(), 'utf8')).toContain('Emil Stark')
    await personOf(page).getByRole('button', { name: 'Delete the account' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete permanently' }).click()
    await personOf(page).waitFor({ state: 'detached' })
    await emil.page.getByLabel('Email or username').waitFor()
    await adminOf(page).getByText('No one found').waitFor()
    await emil.page.context().close()
  })

  it('of the staff is not to be changed by themselves; Back leads from the person to the list', async () => {
    const { page } = vera
    await manage(page, 'Vera Holm')
    await personOf(page).getByText('This is you.').waitFor()
    expect(await personOf(page).getByRole('button', { name: 'Disable the account' }).count()).toBe(0)
    await page.goBack()
    await personOf(page).waitFor({ state: 'detached' })
    await adminOf(page).waitFor()
  })
})

describe('a chat', () => {
  it('is looked at by its address, without texts, and deleted', async () => {
    const { page } = vera
    await call(boris.page, 'POST', '/chats', [{ kind: 'group', name: 'Market' }])
    await openFromList(boris.page, 'Market')
    await say(boris.page, 'A secret price')
    await administer(page, 'chats')
    const field = adminOf(page).getByLabel('Address or id of a chat')
    await field.fill('the market')
    await field.press('Enter')
    await adminOf(page).getByText('This is neither an address nor an id of a chat.').waitFor()
    await field.fill(boris.page.url())
    await field.press('Enter')
    const chat = adminOf(page).getByRole('group', { name: 'Market' })
    await chat.getByText(chatIdOf(boris.page)).waitFor()
    expect(await adminOf(page).innerText()).not.toContain('A secret price')
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await chat.getByRole('button', { name: 'Delete the chat' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the chat' }).click()
    await chat.waitFor({ state: 'detached' })
    await boris.page.getByText('The group was deleted.').waitFor()
    await field.press('Enter')
    await adminOf(page).getByText('There is no such chat.').waitFor()
  })
})

describe('the administration', () => {
  it('says how the service is doing, and how webhooks are come by', async () => {
    const { page } = vera
    await administer(page, 'health')
    await adminOf(page).getByRole('status').getByText('Takes work').waitFor()
    await page.route('**/readyz', (route) => route.fulfill({ status: 503, json: { status: 'not ready' } }))
    await adminOf(page).getByRole('button', { name: 'Check now' }).click()
    await adminOf(page).getByText('Takes no work: the database does not answer').waitFor()
    await page.unroute('**/readyz')
    await tab(page, 'Webhooks').click()
    await adminOf(page).getByText('windi-chat hook list').waitFor()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await page.keyboard.press('Escape')
    await adminOf(page).waitFor({ state: 'detached' })
  })

  it('is there for the staff alone', async () => {
    const { page } = boris
    expect(await page.getByRole('button', { name: 'Administration' }).count()).toBe(0)
    await page.evaluate(() => location.assign('#/admin/people'))
    await adminOf(page).getByText('This part is for the staff of this server.').waitFor()
    expect(await adminOf(page).getByRole('tab').count()).toBe(0)
    await page.goBack()
    await adminOf(page).waitFor({ state: 'detached' })
    await composer(page).or(page.getByText('Pick a chat')).first().waitFor()
  })

  it.each([
    ['en-GB', 'light', 'Me', 'Account', 'Administration', ['Reports', 'People', 'Chats', 'Webhooks', 'Audit', 'Health'], 'Try again'],
    ['ru-RU', 'dark', 'Мой профиль', 'Аккаунт', 'Управление', ['Жалобы', 'Люди', 'Чаты', 'Вебхуки', 'Журнал', 'Состояние'], 'Повторить'],
  ] as const)(
    'fits a phone with text at 200 per cent, %s in the %s, by finger and by keys, and says what cannot be had without a network',
    { timeout: 60_000 },
    async (locale, colorScheme, me, account, title, parts, again) => {
      const phone = await deviceOf(browser, vera, { ...PHONE, locale, colorScheme })
      const { page } = phone
      await enlarge(page)
      await page.getByRole('button', { name: me, exact: true }).last().tap()
      await openPart(page, account)
      await page.getByRole('button', { name: title }).tap()
      const dialog = page.getByRole('dialog')
      const show = async (name: string) => {
        await openPart(page, name)
        await dialog.getByRole('heading', { name, level: 3 }).waitFor()
      }
      const toList = async () => {
        await page.goBack()
        await page.getByRole('dialog', { name: title }).waitFor()
      }
      await page.getByRole('dialog', { name: title }).waitFor()
      expect([title, await violations(page, '[role=dialog]'), await sidewaysOf(page, '[role=dialog]')]).toEqual([title, [], 0])
      const looksRight = async (name: string) => {
        await page.waitForTimeout(300)
        expect([name, await violations(page, '[role=dialog]')]).toEqual([name, []])
        expect([name, await sidewaysOf(page, '[data-page]')]).toEqual([name, 0])
      }
      for (const name of parts) {
        await show(name)
        await looksRight(name)
        await toList()
      }
      await dialog.getByRole('listitem').getByRole('button', { name: parts[4] }).press('Enter')
      await dialog.getByRole('heading', { name: parts[4], level: 3 }).waitFor()
      expect(new URL(page.url()).hash).toBe('#/admin/audit')

      await page.context().setOffline(true)
      for (const name of [parts[0], parts[1], parts[4]]) {
        await toList()
        await show(name)
        await dialog.getByRole('alert').waitFor()
        await dialog.getByRole('button', { name: again }).waitFor()
      }
      await looksRight(parts[4])
      await page.context().setOffline(false)
      await dialog.getByRole('button', { name: again }).tap()
      await dialog.getByRole('list', { name: parts[4] }).getByRole('listitem').first().waitFor()
      await toList()
      await page.goBack()
      await dialog.waitFor({ state: 'detached' })
      expect(phone.complaints).toEqual([])
      await page.context().close()
    },
  )
})

it('complained of nothing', () => expect([...vera.complaints, ...anna.complaints, ...boris.complaints]).toEqual([]))
