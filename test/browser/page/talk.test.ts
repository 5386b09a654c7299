import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import {
  call,
  chatIdOf,
  choose,
  composer,
  forgetCopies,
  openFromList,
  openTab,
  register,
  row,
  say,
  type Tab,
  texts,
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
  await Promise.all([register(anna.page, 'Anna Berg'), register(boris.page, 'Boris Klein')])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** From now on, until the next load, each frame is drawn a good while after it was asked for. */
const slowFrames = (page: Page) =>
  page.evaluate(() => {
    const frame = window.requestAnimationFrame.bind(window)
    window.requestAnimationFrame = (step) => Number(setTimeout(() => frame(step), 150))
  })

const isInSight = (shown: Locator) =>
  shown.evaluate((element) => {
    const { top, bottom } = element.closest('[role=feed]')!.getBoundingClientRect()
    const { y } = element.getBoundingClientRect()
    return top <= y && y < bottom
  })

describe('two people', () => {
  it('find each other, write, and see each other type and read', async () => {
    await writeTo(anna.page, 'Boris Klein')
    await say(anna.page, 'Hello Boris')
    await row(anna.page, 'Hello Boris').getByRole('img', { name: 'Sent' }).waitFor()
    await boris.page.getByRole('link', { name: '1 unread message' }).waitFor()
    expect(await boris.page.title()).toBe('(1) windi-chat')

    await openFromList(boris.page, 'Anna Berg')
    await row(boris.page, 'Hello Boris').waitFor()
    await row(anna.page, 'Hello Boris').getByRole('img', { name: 'Read' }).waitFor()

    const before = await composer(anna.page).boundingBox()
    await composer(boris.page).pressSequentially('Hi')
    await anna.page
      .getByTestId('typing')
      .getByText(/Boris Klein. is typing…/)
      .waitFor()
    expect(await composer(anna.page).boundingBox()).toEqual(before)
    await composer(boris.page).press('Shift+Enter')
    await composer(boris.page).pressSequentially('Anna')
    await composer(boris.page).press('Enter')
    await row(anna.page, 'Hi\nAnna').or(row(anna.page, 'Hi Anna')).waitFor()
    // Presence is between people who have both written.
    await anna.page.getByRole('banner').or(anna.page.locator('h1')).getByText('online').waitFor()
    await eventually(async () => expect(await anna.page.getByTestId('typing').innerText()).toBe(''))
  })

  it('edit with ↑, and the other one sees the change', async () => {
    await say(anna.page, 'Tee at five?')
    await row(boris.page, 'Tee at five?').waitFor()
    await composer(anna.page).press('ArrowUp')
    const editing = anna.page.getByRole('textbox', { name: 'Edit message' })
    await eventually(async () => expect(await editing.inputValue()).toBe('Tee at five?'))
    await editing.fill('Tea at five?')
    await editing.press('Enter')
    await row(boris.page, 'Tea at five?').getByText('edited').waitFor()
    expect(await row(boris.page, 'Tee at five?').count()).toBe(0)
  })

  it('copy a text', async () => {
    await anna.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await choose(anna.page, 'Hello Boris', 'Copy text')
    const notice = anna.page.getByText('Copied')
    await notice.waitFor()
    const left = (await anna.page.getByRole('feed').boundingBox())!.x
    const { x, width } = (await notice.boundingBox())!
    expect(x + width, 'a toast covers no message').toBeLessThanOrEqual(left)
    expect(await anna.page.evaluate(() => navigator.clipboard.readText())).toBe('Hello Boris')
  })

  it('reply, and follow the quotation', async () => {
    await choose(boris.page, 'Tea at five?', 'Reply')
    await say(boris.page, 'With cake!')
    const quote = row(anna.page, 'With cake!').getByRole('button', { name: /Tea at five/ })
    await quote.click()
    expect(await row(anna.page, 'Tea at five?').first().isVisible()).toBe(true)
  })

  it('delete, and nobody can read it any more', async () => {
    await say(anna.page, 'A secret slip')
    await row(boris.page, 'A secret slip').waitFor()
    await choose(anna.page, 'A secret slip', 'Delete')
    await eventually(async () => expect((await texts(anna.page)).at(-1)).toBe('Message deleted'))
    await eventually(async () => expect((await texts(boris.page)).at(-1)).toBe('Message deleted'))
    expect((await texts(anna.page)).at(-1)).toBe('Message deleted')
  })

  it('see who has read a message', async () => {
    await choose(anna.page, 'Hello Boris', 'Who has read it')
    const readers = anna.page.getByRole('dialog', { name: 'Read by' }).getByRole('listitem')
    await readers.first().waitFor()
    expect((await readers.allInnerTexts()).join()).toMatch(/^BK\s*Boris Klein\s*Today, \d\d:\d\d$/)
    await anna.page.keyboard.press('Escape')
  })

  it('see texts as texts, and addresses that can be followed safely', async () => {
    await say(anna.page, '<img src=x onerror=alert(1)> <b>as is</b> https://example.org/a?b=1 javascript:alert(1)')
    const told = row(boris.page, '<img src=x onerror=alert(1)> <b>as is</b> https://example.org/a?b=1 javascript:alert(1)')
    await told.waitFor()
    expect(await told.locator('[dir=auto]').locator('img, b').count()).toBe(0)
    const link = told.getByRole('link')
    expect(await link.count()).toBe(1)
    expect(await link.getAttribute('href')).toBe('https://example.org/a?b=1')
    expect(await link.getAttribute('rel')).toContain('noopener')
  })

  it('see where the new messages begin, also after reading them', async () => {
    await anna.page.goto(service.url)
    await boris.page.getByRole('heading', { name: /Anna Berg/ }).waitFor()
    await say(boris.page, 'While you were away')
    await say(boris.page, 'And one more')
    await anna.page.getByRole('link', { name: '2 unread messages' }).click()
    await row(anna.page, 'And one more').waitFor()
    const divider = anna.page.getByText('New messages', { exact: true })
    await divider.waitFor()
    await row(boris.page, 'And one more').getByRole('img', { name: 'Read' }).waitFor()
    await say(anna.page, 'Back again')
    await row(boris.page, 'Back again').waitFor()
    expect(await divider.count()).toBe(1)
    const order = await anna.page.getByRole('feed').innerText()
    expect(order.indexOf('New messages')).toBeLessThan(order.indexOf('While you were away'))
  })

  it('stay where they read when something comes, and are told how much', async () => {
    const chatId = chatIdOf(anna.page)
    const many = Array.from({ length: 120 }, (_, n) => ({ client_message_id: `many-${n}`, text: `Line ${n + 1}.` }))
    await call(boris.page, 'POST', `/chats/${chatId}/messages`, many)
    await row(anna.page, 'Line 120.').waitFor()
    await eventually(async () => expect(await isInSight(row(anna.page, 'Line 120.'))).toBe(true))
    await row(boris.page, 'Line 120.').getByRole('img', { name: 'Read' }).waitFor()
    const feed = anna.page.getByRole('feed')
    await feed.evaluate((element) => {
      element.scrollTop -= 900
    })
    await anna.page.getByRole('button', { name: 'Jump to the latest message' }).waitFor()
    const place = await feed.evaluate((element) => element.scrollTop)
    await call(boris.page, 'POST', `/chats/${chatId}/messages`, [{ client_message_id: 'below', text: 'Down here' }])
    const jump = anna.page.getByRole('button', { name: '1 new message, jump to the latest' })
    await jump.waitFor()
    expect(Math.abs((await feed.evaluate((element) => element.scrollTop)) - place)).toBeLessThan(2)
    await jump.click()
    await row(anna.page, 'Down here').waitFor()
    await jump.waitFor({ state: 'detached' })
  })

  it('find an old message, go there and come back', async () => {
    const { page } = anna
    await page.reload()
    await row(page, 'Down here').waitFor()
    await page.getByRole('button', { name: 'Search in this chat' }).click()
    await page.getByRole('searchbox', { name: 'Text to find' }).fill('hello bor')
    await page.getByRole('list', { name: 'Results' }).getByRole('button').click()
    await row(page, 'Hello Boris').waitFor()
    expect(await row(page, 'Down here').count()).toBe(0)
    await page.getByRole('button', { name: /latest/ }).click()
    await row(page, 'Down here').waitFor()
  })

  it('ask for nothing older while they are at the end', async () => {
    const { page } = anna
    const chat = page.url()
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/messages?') && asked.push(request.url()))
    await forgetCopies(page)
    await page.goto(chat)
    await row(page, 'Down here').waitFor()
    await page.waitForTimeout(500)
    expect(asked.splice(0)).toEqual([expect.stringMatching(/\/messages\?limit=50$/)])

    // What the browser keeps is shown without asking.
    await page.reload()
    await row(page, 'Down here').waitFor()
    await page.waitForTimeout(500)
    expect(asked.filter((url) => /[?&](before|around)=/.test(url))).toEqual([])
  })

  it('come to a message also when older ones arrive in the first frames', async () => {
    const { page } = anna
    await page.route(/around=/, async (route) => {
      await page.waitForTimeout(300)
      await slowFrames(page)
      await route.continue()
    })
    const older = page.waitForResponse(/before=/)
    await page.getByRole('button', { name: 'Search in this chat' }).click()
    await page.getByRole('searchbox', { name: 'Text to find' }).fill('line 40')
    await page.getByRole('list', { name: 'Results' }).getByRole('button').click()
    await older
    await page.waitForTimeout(1_500)
    expect(await isInSight(row(page, 'Line 40.'))).toBe(true)
    await page.unroute(/around=/)
  })

  it('come to the first new message also when older ones arrive in the first frames', async () => {
    const { page } = anna
    const chatId = chatIdOf(page)
    await forgetCopies(page)
    await page.goto(service.url)
    await page.getByRole('navigation', { name: 'Chats' }).waitFor()
    await call(boris.page, 'POST', `/chats/${chatId}/messages`, [{ client_message_id: 'news', text: 'Are you there?' }])
    await slowFrames(page)
    const older = page.waitForResponse(/before=/)
    await page.getByRole('link', { name: '1 unread message' }).click()
    await older
    await page.waitForTimeout(1_500)
    expect(await isInSight(row(page, 'Are you there?'))).toBe(true)
    await page.reload()
  })

  it('keep a draft for each chat', async () => {
    await composer(anna.page).fill('half a thought')
    await anna.page.reload()
    await eventually(async () => expect(await composer(anna.page).inputValue()).toBe('half a thought'))
    await composer(anna.page).fill('')
  })

  it('pick an emoji by a word, and go on writing behind it', async () => {
    const field = composer(anna.page)
    await field.fill('Off to !')
    await field.press('ArrowLeft')
    await anna.page.getByRole('button', { name: 'Emoji' }).click()
    await anna.page.getByRole('searchbox', { name: 'Search emoji' }).fill('rocket')
    const rocket = anna.page.getByRole('gridcell', { name: /^rocket$/i })
    await rocket.waitFor()
    const written = await rocket.evaluate((cell: HTMLElement) => {
      cell.click()
      document.execCommand('insertText', false, ' and away')
      return document.activeElement instanceof HTMLTextAreaElement && document.activeElement.value
    })
    expect(written).toBe('Off to 🚀 and away!')
    await rocket.waitFor({ state: 'detached' })
    await field.press('End')
    await field.press('Enter')
    await row(boris.page, 'Off to 🚀 and away!').waitFor()
  })

  it('make a group, give roles, remove and delete', async () => {
    const { page } = anna
    await page.getByRole('button', { name: 'New chat' }).first().click()
    await page.getByRole('button', { name: 'New group' }).click()
    await page.getByLabel('Group name').fill('Tea round')
    await page.getByRole('checkbox', { name: /Boris Klein/ }).check()
    await page.getByRole('button', { name: 'Create group' }).click()
    await page.getByRole('heading', { name: /Tea round/ }).waitFor()
    await say(page, 'Welcome, everybody')
    await openFromList(boris.page, 'Tea round')
    await row(boris.page, 'Welcome, everybody').waitFor()
    await row(page, 'Welcome, everybody').getByRole('img', { name: 'Read by all' }).waitFor()

    await page.getByRole('button', { name: 'Group info' }).last().click()
    const panel = page.getByRole('complementary', { name: 'Group info' })
    await panel.getByRole('button', { name: 'Actions for Boris Klein' }).click()
    await page.getByRole('menuitem', { name: 'Make admin' }).click()
    await panel.getByText('Admin', { exact: true }).waitFor()
    await panel.getByLabel('Group name').fill('Coffee round')
    await panel.getByRole('button', { name: 'Rename' }).click()
    await boris.page.getByRole('heading', { name: /Coffee round/ }).waitFor()

    await panel.getByRole('button', { name: 'Actions for Boris Klein' }).click()
    await page.getByRole('menuitem', { name: 'Remove from the group' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove from the group' }).click()
    await boris.page.getByText('You were removed from the group.').waitFor()
    expect(await boris.page.getByRole('link', { name: /Coffee round/ }).count()).toBe(0)

    await panel.getByRole('button', { name: 'Add people' }).click()
    await panel.getByRole('checkbox', { name: /Boris Klein/ }).check()
    await panel.getByRole('button', { name: 'Add 1 person' }).click()
    await openFromList(boris.page, 'Coffee round')
    await boris.page.getByRole('button', { name: 'Group info' }).last().click()
    await boris.page.getByRole('complementary').getByRole('button', { name: 'Leave group' }).click()
    await boris.page.getByRole('alertdialog').getByRole('button', { name: 'Leave group' }).click()
    await boris.page.getByText('You left the group.').waitFor()
    await eventually(async () => expect(await panel.getByText('Boris Klein').count()).toBe(0))

    await panel.getByRole('button', { name: 'Delete group' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete group' }).click()
    await page.getByText('The group was deleted.').waitFor()
  })

  it('hear new messages in batches', async () => {
    await openFromList(anna.page, 'Boris Klein')
    await composer(anna.page).waitFor()
    await openFromList(boris.page, 'Anna Berg')
    for (const text of ['one', 'two', 'three']) await say(boris.page, text)
    const told = '3 new messages. The last, from Boris Klein: three'
    await eventually(async () => expect(await anna.page.getByTestId('announcer').textContent()).toBe(told))
  })

  it('take a private chat off the list until the next message', async () => {
    const { page } = anna
    await openFromList(page, 'Boris Klein')
    await page.getByRole('button', { name: 'Contact info' }).last().click()
    await page.getByRole('complementary').getByRole('button', { name: 'Hide chat' }).click()
    await page.getByText('Chat hidden. It comes back with the next message.').waitFor()
    expect(await page.getByRole('link', { name: 'Boris Klein' }).count()).toBe(0)
    await eventually(() => expect(new URL(page.url()).hash).toBe(''))
    await page.getByText('Chat hidden.').waitFor({ state: 'detached' })
    await openFromList(boris.page, 'Anna Berg')
    await say(boris.page, 'Where have you gone?')
    await openFromList(page, 'Boris Klein')
    await row(page, 'Where have you gone?').waitFor()
  })

  it('find messages of all chats, under the name of the chat', async () => {
    const { page } = anna
    const me = await page.evaluate(() => (JSON.parse(localStorage.getItem('windi-chat.session')!) as { user: { id: string } }).user.id)
    await call(boris.page, 'POST', '/chats', [{ kind: 'group', name: 'Lantern walk', member_ids: [me] }])
    await openFromList(page, 'Lantern walk')
    await say(page, 'Lanterns at six')
    await openFromList(boris.page, 'Lantern walk')
    await say(boris.page, 'With lanterns, of course')
    await row(page, 'With lanterns, of course').waitFor()
    await openFromList(page, 'Boris Klein')
    await say(page, 'Bring a lantern')
    await row(page, 'Bring a lantern')
      .getByRole('img', { name: /Sent|Read/ })
      .waitFor()
    await openFromList(boris.page, 'Anna Berg')
    await say(boris.page, 'My lantern is red')
    await row(page, 'My lantern is red').waitFor()

    await page.getByRole('searchbox').fill('lantern')
    const hits = page.getByRole('group', { name: 'Results' }).locator('section').last().getByRole('button')
    await eventually(async () => expect(await hits.count()).toBe(4))
    expect((await hits.allInnerTexts()).map((text) => text.split('\n').filter((line) => !/^(\w\w|\d\d:\d\d)$/.test(line)))).toEqual([
      ['Boris Klein', 'My lantern is red'],
      ['Boris Klein', 'You: Bring a lantern'],
      ['Lantern walk', 'Boris Klein: With lanterns, of course'],
      ['Lantern walk', 'You: Lanterns at six'],
    ])
    await page.getByRole('button', { name: 'Clear search' }).click()
    await page.getByRole('button', { name: 'Search in this chat' }).click()
    await page.getByRole('searchbox', { name: 'Text to find' }).fill('Bring a lantern')
    await page.getByRole('list', { name: 'Results' }).getByText('You', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('are led away from an address that is none of theirs', async () => {
    await anna.page.goto('about:blank')
    await anna.page.goto(`${service.url}/#01900000-0000-7000-8000-000000000000`, { waitUntil: 'commit' })
    await anna.page.getByText("This chat doesn't exist, or you're no longer in it.").first().waitFor()
    await eventually(() => expect(new URL(anna.page.url()).hash).toBe(''))
  })

  it('are asked to sign in again when the session was ended elsewhere', async () => {
    await call(boris.page, 'POST', '/auth/logout')
    await boris.page.getByRole('alert').getByText('You were signed out.').waitFor()
    expect(await boris.page.getByRole('navigation').count()).toBe(0)
  })

  it('without an error, and without asking any other host', () => {
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })
})
