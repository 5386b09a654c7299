import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { tempFolder } from '../../support/places.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, chatIdOf, choose, composer, openFromList, openTab, register, row, say, type Tab, texts, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let folder: Awaited<ReturnType<typeof tempFolder>>
let service: Service
let browser: Browser
let anna: Tab
let boris: Tab

beforeAll(async () => {
  folder = await tempFolder('windi-chat-page')
  ;[service, browser] = await Promise.all([startService({ folder: folder.path }), launchBrowser()])
  ;[anna, boris] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url)])
  await Promise.all([register(anna.page, 'Anna Berg'), register(boris.page, 'Boris Klein')])
  await writeTo(anna.page, 'Boris Klein')
  await say(anna.page, 'First')
  await openFromList(boris.page, 'Anna Berg')
  await row(boris.page, 'First').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await folder?.remove()
})

const again = () => startService({ folder: folder.path, port: service.port })

/** What both see, once it is what both should see. */
const bothSee = (expected: readonly string[]) =>
  eventually(async () => {
    expect((await texts(anna.page)).slice(-expected.length)).toEqual(expected)
    expect((await texts(boris.page)).slice(-expected.length)).toEqual(expected)
  })

describe('what is written', () => {
  it('without a network, while the server restarts, arrives once and in order on both screens', async () => {
    await anna.page.context().setOffline(true)
    await anna.page.getByText("You're offline.").waitFor()
    await anna.page.getByRole('button', { name: 'Check again' }).waitFor()
    for (const text of ['Written in a tunnel', 'Still in the tunnel', 'Nearly out']) await say(anna.page, text)
    await row(anna.page, 'Nearly out').getByRole('img', { name: 'Waiting for connection' }).waitFor()
    expect(await composer(anna.page).isEditable()).toBe(true)

    await service.stop()
    await boris.page.getByText('No connection.').waitFor()
    service = await again()
    await anna.page.context().setOffline(false)
    await bothSee(['First', 'Written in a tunnel', 'Still in the tunnel', 'Nearly out'])
    await row(anna.page, 'Nearly out').getByRole('img', { name: 'Read' }).waitFor()
  })

  it('while the server is killed and the tab reloaded, arrives once and in order', async () => {
    const ten = Array.from({ length: 10 }, (_, n) => `Number ${n + 1} of ten`)
    const field = composer(anna.page)
    let killed: Promise<void> | undefined
    for (const text of ten) {
      await field.fill(text)
      await field.press('Enter')
      if (text === ten[4]) killed = service.kill('SIGKILL')
    }
    await killed
    service = await again()
    await anna.page.reload()
    await bothSee(ten)
    await anna.page.getByRole('img', { name: 'Read' }).nth(12).waitFor()
    expect((await texts(anna.page)).filter((text) => text.endsWith('of ten'))).toEqual(ten)
  })

  it('and does not fit into what waits stays in the field, with the reason', async () => {
    const { page, complaints } = await openTab(browser, service.url)
    await register(page, 'Clara Wolf')
    await writeTo(page, 'Boris Klein')
    await page.context().setOffline(true)
    // The outbox keeps a mebibyte: 63 texts of 4,096 letters of four bytes, with their format, and not one more like them.
    for (let n = 0; n < 63; n++) await say(page, '𝒜'.repeat(4_096))
    const more = `One too many ${'𝒜'.repeat(4_000)}`
    await say(page, more)
    await page.getByText(/^Not sent. Too many messages are waiting to be sent/).waitFor()
    expect(await composer(page).inputValue()).toBe(more)
    expect(await row(page, 'One too many').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('is tried at once when asked for', async () => {
    await service.stop()
    await anna.page.getByText(/Trying again in \d+ s/).waitFor()
    await say(anna.page, 'Are you there?')
    service = await again()
    await anna.page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 3_000 })
      .catch(() => undefined)
    await bothSee(['Are you there?'])
    await eventually(async () => expect(await anna.page.getByText('No connection.').count()).toBe(0))
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })
})

describe('what is changed', () => {
  const editing = () => anna.page.getByRole('textbox', { name: 'Edit message' })
  const shows = (text: string) => eventually(async () => expect(await editing().inputValue()).toBe(text))

  it('without a network stays in the field, and with the message, until it is saved', async () => {
    const { page } = anna
    await say(page, 'Tee at five?')
    await row(page, 'Tee at five?').getByRole('img', { name: 'Read' }).waitFor()
    await page.context().setOffline(true)
    await choose(page, 'Tee at five?', 'Edit')
    await editing().fill('Tea at five?')
    await editing().press('Enter')
    await page.getByText(/^Not saved. The server can.t be reached/).waitFor()
    expect(await editing().inputValue()).toBe('Tea at five?')

    await page.context().setOffline(false)
    await page.reload()
    await choose(page, 'Tee at five?', 'Edit')
    await shows('Tea at five?')
    await editing().press('Enter')
    await row(boris.page, 'Tea at five?').getByText('edited').waitFor()
    await editing().waitFor({ state: 'detached' })
    await choose(page, 'Tea at five?', 'Edit')
    await editing().fill('Never mind')
    await editing().press('Escape')
    await choose(page, 'Tea at five?', 'Edit')
    await shows('Tea at five?')
    await editing().press('Escape')
  })

  it('is seen to be under way while nobody answers', async () => {
    const { page } = anna
    await choose(page, 'Tea at five?', 'Edit')
    await editing().fill('Tea at six?')
    await service.kill('SIGSTOP')
    await editing().press('Enter')
    await eventually(async () => expect(await editing().getAttribute('aria-busy')).toBe('true'))
    expect(await editing().isEditable()).toBe(false)
    await service.kill('SIGCONT')
    await editing().waitFor({ state: 'detached' })
    await row(boris.page, 'Tea at six?').waitFor()
  })

  it('elsewhere meanwhile is shown, and replaced by whoever wants that', async () => {
    const { page } = anna
    const chatId = chatIdOf(page)
    const id = await row(boris.page, 'Tea at six?').getAttribute('data-message')
    await choose(page, 'Tea at six?', 'Edit')
    await editing().fill('Tea at seven?')
    await call(page, 'PATCH', `/chats/${chatId}/messages/${id}`, [{ text: 'No tea' }])
    await row(page, 'No tea').waitFor()
    await editing().press('Enter')
    await page.getByText(/^Not saved. The message was changed on another device/).waitFor()
    await shows('Tea at seven?')
    await editing().press('Enter')
    await row(boris.page, 'Tea at seven?').waitFor()
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })
})
