import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { composer, openTab, register, row, say, settings, type Tab, writeTo } from '../tab.ts'

let service: Service
let browser: Browser
let lena: Tab
let olga: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  ;[lena, olga] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url)])
  await Promise.all([register(lena.page, 'Lena Roth'), register(olga.page, 'Olga Stern')])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

async function signIn(page: Page, login: string, password: string): Promise<void> {
  const way = page.getByRole('button', { name: 'Already have an account? Sign in' })
  await way.or(page.getByLabel('Email or username')).waitFor()
  if (await way.isVisible()) await way.click()
  await page.getByLabel('Email or username').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
const openAccount = (page: Page) => settings(page, 'Account')
const isSignedOut = (page: Page) => page.getByRole('button', { name: 'Create account' }).or(page.getByLabel('Email or username')).waitFor()

describe('an account', () => {
  it('has a name and a username that are saved alone; a refused one stays, with the reason', async () => {
    const { page } = olga
    await settings(page, 'Profile')
    const field = page.getByLabel('Username')
    await field.fill('no spaces allowed')
    await field.press('Enter')
    await page.getByText('3 to 32 of a–z').waitFor()
    expect(await field.inputValue()).toBe('no spaces allowed')
    await page.getByLabel('Name', { exact: true }).fill('Olga Stern-Voss')
    await page.getByLabel('Name', { exact: true }).blur()
    await page.getByRole('dialog').getByText('Olga Stern-Voss').waitFor()
    expect(await field.inputValue()).toBe('no spaces allowed')
    await page.getByLabel('Name', { exact: true }).fill('Olga Stern')
    await page.getByLabel('Name', { exact: true }).press('Enter')
    await page.getByRole('dialog').getByText('Olga Stern', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('shows where it is signed in, and ends that from elsewhere', async () => {
    const other = await openTab(browser, service.url)
    await signIn(other.page, 'lena.roth@example.com', 'correct horse battery')
    await other.page.getByRole('navigation').waitFor()
    await settings(lena.page, 'Devices')
    const list = lena.page.getByRole('dialog').getByRole('listitem')
    await list.nth(1).waitFor()
    expect(await list.allInnerTexts()).toEqual([
      expect.stringMatching(/Chrome, \w+\s.*This device/s),
      expect.stringMatching(/Chrome, \w+\s.*Sign out/s),
    ])
    await lena.page.getByRole('button', { name: /^Sign out on Chrome, \w+$/ }).click()
    await isSignedOut(other.page)
    expect(await list.count()).toBe(1)
    expect(other.complaints).toEqual([])
  })

  it('gets another password from whoever knows the present one', async () => {
    const { page } = lena
    await page.getByRole('tab', { name: 'Account' }).click()
    const change = page.getByRole('button', { name: 'Change password' })
    const fill = async (current: string, next: string) => {
      await page.getByLabel('Current password', { exact: true }).fill(current)
      await page.getByLabel('New password', { exact: true }).fill(next)
      await change.click()
    }
    await change.click()
    await fill('something else', 'another horse battery')
    await page.getByText('Wrong password.').waitFor()
    await fill('correct horse battery', 'password123')
    await page.getByText('At least 8 characters, and not a common one.').waitFor()
    await fill('correct horse battery', 'another horse battery')
    await page.getByText('Password changed').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isSignedOut(page)
    await signIn(page, 'lena.roth@example.com', 'correct horse battery')
    await page.getByText('Login or password is wrong.').waitFor()
    await signIn(page, 'lena.roth@example.com', 'another horse battery')
    await page.getByRole('navigation').waitFor()
    expect(lena.complaints).toEqual([])
  })

  it('is deleted with all that was written, by whoever knows the password', async () => {
    const { page } = lena
    await writeTo(page, 'Olga Stern')
    await say(page, 'Soon I am gone')
    await olga.page.getByRole('navigation').getByRole('link', { name: 'Lena Roth' }).click()
    await row(olga.page, 'Soon I am gone').waitFor()
    await openAccount(page)
    await page.getByRole('button', { name: 'Delete account' }).click()
    const question = page.getByRole('alertdialog')
    await question.getByLabel('Current password', { exact: true }).fill('not this one')
    await question.getByRole('button', { name: 'Delete forever' }).click()
    await question.getByText('Wrong password.').waitFor()
    await question.getByLabel('Current password', { exact: true }).fill('another horse battery')
    await question.getByRole('button', { name: 'Delete forever' }).click()
    await isSignedOut(page)
    await row(olga.page, 'Message deleted').waitFor()
    expect(await row(olga.page, 'Soon I am gone').count()).toBe(0)
    await olga.page.getByRole('navigation').getByText('Deleted account').waitFor()
    await signIn(page, 'lena.roth@example.com', 'another horse battery')
    await page.getByText('Login or password is wrong.').waitFor()
    await olga.page.getByText("This account was deleted. You can't write here.").waitFor()
    expect(await composer(olga.page).count()).toBe(0)
    expect([...lena.complaints, ...olga.complaints]).toEqual([])
  })

  it('of a guest has no password to change, and is deleted without one', async () => {
    await using open = await startService({ env: { DEMO: 'on' } })
    const { page } = await openTab(browser, open.url)
    await page.getByRole('button', { name: 'Continue as a guest' }).click()
    await page.getByRole('navigation').waitFor()
    await openAccount(page)
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    expect(await page.getByRole('button', { name: 'Change password' }).count()).toBe(0)

    await page.getByRole('button', { name: 'Sign out' }).click()
    const question = page.getByRole('alertdialog', { name: 'Leave this account permanently?' })
    await question.getByText('A guest has no password, so you cannot come back to this account and its chats.').waitFor()
    await question.getByRole('button', { name: 'Cancel' }).click()
    await question.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Sign out' }).click()
    await question.getByRole('button', { name: 'Sign out' }).click()
    await isSignedOut(page)

    await page.getByRole('button', { name: 'Continue as a guest' }).click()
    await page.getByRole('navigation').waitFor()
    await openAccount(page)
    await page.getByRole('button', { name: 'Delete account' }).click()
    expect(await page.getByRole('alertdialog').getByRole('textbox').count()).toBe(0)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete forever' }).click()
    await isSignedOut(page)
  })
})
