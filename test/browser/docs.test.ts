import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type HttpServed, serveHttp } from '../support/http-server.ts'

let server: HttpServed
let browser: Browser
beforeAll(async () => {
  server = await serveHttp()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Opens a page and writes down all that went wrong, and whom it asked besides this server. */
async function opened(path: string): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
  const wrong: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(`${server.url}/`) && !/^(data|blob):/.test(request.url())) wrong.push(`asked ${request.url()}`)
  })
  page.on('requestfailed', (request) => wrong.push(`failed ${request.url()}`))
  page.on('response', (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`)
  })
  page.on('pageerror', (error) => wrong.push(`threw ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(`${message.type()} ${message.text()}`)
  })
  await page.goto(server.url + path)
  return { page, wrong }
}

const shots = process.env.TEST_SCREENSHOTS
const photograph = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

describe('the documents in a browser', { timeout: 60_000 }, () => {
  it('Swagger UI shows all calls, signs in by its Authorize button, and makes a call', async () => {
    await server.register('Ann', { username: 'ann' })
    const { page, wrong } = await opened('/docs')
    await page.getByText('Send a message, or get the one stored under this key').waitFor()
    await photograph(page, 'docs')

    await page.locator('button.authorize').first().click()
    await page.locator('#oauth_username').fill('ann')
    await page.locator('#oauth_password').fill('a battery of correct horses')
    await photograph(page, 'docs-authorize')
    await page
      .locator('.auth-container', { has: page.locator('#oauth_username') })
      .getByRole('button', { name: 'Apply given OAuth2 credentials' })
      .click()
    await page.locator('.auth-container').getByText('Authorized').first().waitFor()
    await page.getByRole('button', { name: 'Close' }).last().click()

    const call = page.locator('#operations-People-getMe')
    await call.locator('.opblock-summary-control').click()
    await call.getByRole('button', { name: 'Execute' }).click()
    await expect.poll(() => call.locator('.live-responses-table tbody .response-col_status').first().innerText()).toContain('200')
    expect(await call.locator('.live-responses-table').innerText()).toContain('"username": "ann"')
    await photograph(page, 'docs-called')
    expect(wrong).toEqual([])
  })

  it('Redoc shows all calls', async () => {
    const { page, wrong } = await opened('/redoc')
    await page.getByRole('heading', { name: 'Send a message, or get the one stored under this key' }).waitFor()
    await photograph(page, 'redoc')
    await page.getByRole('textbox', { name: 'Search' }).fill('password')
    await page.locator('[data-role="search:results"] li').first().waitFor()
    await photograph(page, 'redoc-search')
    expect(wrong).toEqual([])
  })

  it.each(['/', '/problems', '/problems/key-reused'])('%s is a plain page', async (path) => {
    const { page, wrong } = await opened(path)
    expect(await page.locator('h1').count()).toBe(1)
    await photograph(page, `plain${path.replaceAll('/', '-')}`)
    expect(wrong).toEqual([])
  })
})
