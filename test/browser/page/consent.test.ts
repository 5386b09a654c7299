import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import {
  call,
  choose,
  composer,
  deviceOf,
  openFromList,
  openTab,
  PHONE,
  register,
  row,
  say,
  settings,
  type Tab,
  violations,
  writeTo,
} from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let anna: Tab
let boris: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  ;[anna, boris] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url)])
  await register(anna.page, 'Anna Berg')
  await register(boris.page, 'Boris Lund')
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const closePanel = (page: Page) => page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
describe('a block', () => {
  it('is made in the contact info, takes the place of the composer, and is explained to the other', async () => {
    const [{ page }, { page: other }] = [anna, boris]
    await writeTo(page, 'Boris Lund')
    await say(page, 'Hello')
    await openFromList(other, 'Anna Berg')
    await row(other, 'Hello').waitFor()
    await page.getByRole('button', { name: 'Contact info' }).last().click()
    await page.getByRole('complementary').getByRole('button', { name: 'Block', exact: true }).click()
    await page.getByText(/You blocked .Boris Lund.\. Neither of you can write here\./).waitFor()
    expect(await composer(page).count()).toBe(0)
    expect(await violations(page, 'main')).toEqual([])
    await say(other, 'Can you hear me?')
    await row(other, 'Can you hear me?').getByText("This person doesn't accept messages from you").waitFor()
    expect(await row(page, 'Can you hear me?').count()).toBe(0)
    await other.getByRole('button', { name: "Don't send" }).click()
  })

  it('shows on the other devices of the user, who end it there by the keyboard or with a finger', async () => {
    const phone = await deviceOf(browser, anna, { ...PHONE, locale: 'ru-RU' })
    const { page } = phone
    await openFromList(page, 'Boris Lund')
    await page.getByText(/Boris Lund. в вашем списке заблокированных/).waitFor()
    await page.getByRole('button', { name: 'Разблокировать' }).tap()
    await page.getByRole('textbox', { name: 'Сообщение' }).waitFor()
    await composer(anna.page).waitFor()
    await say(boris.page, 'And now?')
    await row(anna.page, 'And now?').waitFor()
    expect(phone.complaints).toEqual([])
    await page.context().close()
  })

  it('is made by the menu of a message in a group, and taken back; the card of the person says so', { timeout: 60_000 }, async () => {
    const [{ page }, { page: other }] = [anna, boris]
    await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Tea party' }])
    await openFromList(page, 'Tea party')
    await page.getByRole('button', { name: 'Group info' }).last().click()
    await page.getByRole('button', { name: 'Add people' }).click()
    await page.getByRole('searchbox', { name: 'Name, username or email' }).fill('boris')
    await page.getByRole('checkbox', { name: /Boris Lund/ }).check()
    await page.getByRole('button', { name: 'Add 1 person' }).click()
    await page.getByRole('button', { name: 'Actions for Boris Lund' }).waitFor()
    await closePanel(page)
    await openFromList(other, 'Tea party')
    await say(other, 'Good evening')
    await choose(page, 'Good evening', 'Block')
    const told = page.getByRole('status').filter({ hasText: /Blocked: .Boris Lund/ })
    await told.waitFor()
    await row(page, 'Good evening').getByRole('button', { name: 'Boris Lund' }).click()
    const card = page.getByRole('dialog', { name: 'Profile' })
    await card.getByText('You blocked this person').waitFor()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await card.getByRole('button', { name: 'Unblock' }).press('Enter')
    await card.getByRole('button', { name: 'Block', exact: true }).press('Enter')
    await card.getByText('You blocked this person').waitFor()
    await page.keyboard.press('Escape')
    await settings(page, 'Privacy')
    const dialog = page.getByRole('dialog', { name: 'Settings' })
    await dialog.getByText('Boris Lund').waitFor()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await dialog.getByRole('button', { name: /Unblock .Boris Lund/ }).click()
    await dialog.getByText('You have blocked no one.').waitFor()
    await page.keyboard.press('Escape')
    await choose(page, 'Good evening', 'Block')
    await told.last().getByRole('button', { name: 'Undo' }).click()
    await settings(page, 'Privacy')
    await dialog.getByText('You have blocked no one.').waitFor()
    await page.keyboard.press('Escape')
  })
})

describe('a report', () => {
  it('has a reason and a comment, blocks too if that is wanted, and is thanked for', async () => {
    const { page } = anna
    await choose(page, 'Good evening', 'Report')
    const dialog = page.getByRole('dialog', { name: 'Report the message' })
    await dialog.getByRole('radio', { name: 'Insult or threat' }).check()
    await dialog.getByLabel('Comment (optional)').fill('The third time today')
    await dialog.getByRole('checkbox', { name: /Also block: .Boris Lund/ }).check()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    const sent = page.waitForResponse((response) => response.url().endsWith('/reports'))
    await dialog.getByRole('button', { name: 'Send report' }).click()
    expect((await sent).status()).toBe(201)
    expect((await sent).request().postDataJSON()).toEqual({ reason: 'abuse', comment: 'The third time today' })
    await page.getByText('Thank you. The staff will look at it.').waitFor()
    await choose(page, 'Good evening', 'Unblock')
    await page.getByText(/Unblocked: .Boris Lund/).waitFor()
  })

  it('is not offered for what the user wrote', async () => {
    const { page } = boris
    await row(page, 'Good evening').hover()
    await row(page, 'Good evening').getByRole('button', { name: 'Actions for the message' }).click()
    await page.getByRole('menuitem', { name: 'Who has read it' }).waitFor()
    expect(await page.getByRole('menuitem', { name: /^(Report|Block)$/ }).count()).toBe(0)
    await page.keyboard.press('Escape')
  })
})

describe('privacy', () => {
  it('is chosen one by one, kept, and stays with the reason when it is refused', async () => {
    const { page } = boris
    await settings(page, 'Privacy')
    const add = page.getByRole('group', { name: 'Who can add you to groups' })
    expect(await add.getByRole('radio', { name: 'Anyone' }).isChecked()).toBe(true)
    await page.context().setOffline(true)
    await add.getByRole('radio', { name: 'No one' }).check()
    await page.getByRole('alert').getByText("The server can't be reached.").waitFor()
    expect(await add.getByRole('radio', { name: 'No one' }).isChecked()).toBe(true)
    await page.context().setOffline(false)
    await add.getByRole('radio', { name: 'People you know' }).check()
    await add.getByRole('radio', { name: 'No one' }).check()
    await eventually(async () => expect(await page.getByRole('dialog').getByRole('alert').count()).toBe(0))
    await page.getByRole('tab', { name: 'Profile' }).click()
    await page.getByRole('tab', { name: 'Privacy' }).click()
    await add.waitFor()
    expect(await add.getByRole('radio', { name: 'No one' }).isChecked()).toBe(true)
    await page.keyboard.press('Escape')
  })

  it('lets a person leave for good; who adds people is told who was skipped', async () => {
    const [{ page }, { page: other }] = [anna, boris]
    await other.getByRole('button', { name: 'Group info' }).last().click()
    await other.getByRole('button', { name: 'Leave group' }).click()
    const question = other.getByRole('alertdialog')
    expect(await violations(other, '[role=alertdialog]')).toEqual([])
    await question.getByRole('button', { name: 'Leave and stay out' }).click()
    await other.getByText('You left the group.').waitFor()
    await page.getByRole('button', { name: 'Group info' }).last().click()
    await page.getByRole('button', { name: 'Add people' }).click()
    await page.getByRole('searchbox', { name: 'Name, username or email' }).fill('boris')
    await page.getByRole('checkbox', { name: /Boris Lund/ }).check()
    await page.getByRole('button', { name: 'Add 1 person' }).click()
    await page
      .getByRole('alert')
      .getByText(/Not added, because they do not accept it from you: .Boris Lund/)
      .waitFor()
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'New chat' }).first().click()
    await page.getByRole('button', { name: 'New group' }).click()
    await page.getByRole('dialog').getByLabel('Group name').fill('Coffee')
    await page.getByRole('dialog').getByRole('searchbox', { name: 'Name, username or email' }).fill('boris')
    await page
      .getByRole('dialog')
      .getByRole('checkbox', { name: /Boris Lund/ })
      .check()
    await page.getByRole('button', { name: 'Create group' }).click()
    await composer(page).waitFor()
    await page
      .getByRole('alert')
      .getByText(/Not added, because they do not accept it from you: .Boris Lund/)
      .waitFor()
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })
})
