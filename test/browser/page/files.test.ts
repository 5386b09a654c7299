import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, composer, openFromList, openTab, register, row, settings, type Tab, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let folder: string
let service: Service
let browser: Browser
let ann: Tab
let bob: Tab
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'windi-chat-page-files-'))
  ;[service, browser] = await Promise.all([
    startService(),
    launchBrowser(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']),
  ])
  ;[ann, bob] = await Promise.all([openTab(browser, service.url, { permissions: ['microphone'] }), openTab(browser, service.url, phone)])
  await register(bob.page, 'Bob Klein')
  await register(ann.page, 'Ann Berg')
  await writeTo(ann.page, 'Bob Klein')
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }
const SHOTS = process.env.SHOTS
const shot = (page: Page, name: string) => (SHOTS ? page.screenshot({ path: join(SHOTS, `${name}.png`) }) : undefined)

/** A picture of noise and colour, so that it does not shrink to nothing. */
async function picture(name: string, [width, height]: readonly [number, number], hue: number): Promise<string> {
  const path = join(folder, name)
  const background = { r: (hue * 5) % 256, g: (hue * 11) % 256, b: (hue * 17) % 256 }
  const noise = { type: 'gaussian', mean: 128, sigma: 25 } as const
  const layer = await sharp({ create: { width, height, channels: 3, background, noise } })
    .png()
    .toBuffer()
  await sharp({ create: { width, height, channels: 3, background } })
    .composite([{ input: layer, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toFile(path)
  return path
}

async function choose(page: Page, kind: 'Photo or video' | 'File', files: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach' }).click()
  await page.getByRole('menuitem', { name: kind }).click()
  await (await chooser).setFiles([...files])
}
const tiles = (page: Page) => page.getByRole('list', { name: 'Files to send' }).getByRole('listitem')
const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true }).click()
const last = (page: Page) => page.getByRole('article').last()
/** Whether all pictures of a message are there, in full. */
const loaded = (page: Page, count: number) =>
  eventually(async () => {
    const sizes = await last(page)
      .locator('img')
      .evaluateAll((all) => (all as HTMLImageElement[]).map(({ complete, naturalWidth }) => complete && naturalWidth > 0))
    expect(sizes).toEqual(Array.from({ length: count }, () => true))
  })

describe('two people send each other', () => {
  it('pictures with words and a caption, which move nothing while they load', async () => {
    const { page } = ann
    await choose(page, 'Photo or video', [await picture('harbour.jpg', [3_200, 2_000], 3), await picture('tower.jpg', [900, 1_400], 9)])
    await eventually(async () => expect(await tiles(page).count()).toBe(2))
    await page.getByLabel('Description of harbour.webp').fill('The harbour at noon')
    await shot(page, 'tray')
    // The second comes first.
    await page.getByRole('button', { name: 'Remove tower' }).press('Alt+ArrowLeft')
    await eventually(async () => expect(await tiles(page).first().innerText()).toContain('tower'))
    await composer(page).fill('Two views')
    await send(page)
    await row(page, 'Two views').waitFor()
    expect(await tiles(page).count()).toBe(0)
    await row(page, 'Two views')
      .getByRole('img', { name: 'Sent' })
      .or(row(page, 'Two views').getByRole('img', { name: 'Read' }))
      .waitFor()
    await loaded(page, 2)
    await openFromList(bob.page, 'Ann Berg')
    await row(bob.page, 'Two views').waitFor()
    const height = () => row(bob.page, 'Two views').evaluate((element) => element.getBoundingClientRect().height)
    const before = await height()
    await loaded(bob.page, 2)
    expect(await height()).toBe(before)
    expect(
      await row(bob.page, 'Two views')
        .getByRole('button', { name: /^Photo/ })
        .evaluateAll((all) => all.map((one) => one.ariaLabel)),
    ).toEqual(['Photo', 'Photo: The harbour at noon'])
    await shot(page, 'gallery-desktop')
    await shot(bob.page, 'gallery-phone')
  })

  it('look at one large, go to the next, and come back to the row', async () => {
    const { page } = bob
    const first = row(page, 'Two views')
      .getByRole('button', { name: /^Photo/ })
      .first()
    await first.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('img', { name: 'tower' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await dialog.getByRole('img', { name: 'The harbour at noon' }).waitFor()
    await shot(page, 'viewer-phone')
    expect(await dialog.getByRole('button', { name: 'Next picture' }).count()).toBe(0)
    await page.goBack()
    await dialog.waitFor({ state: 'detached' })
    await composer(page).waitFor()
  })

  it('a voice message, which is heard on the other side', async () => {
    const { page } = ann
    await page.getByRole('button', { name: 'Record a voice message' }).click()
    await page.getByRole('group', { name: 'Voice message' }).getByText('0:02').waitFor()
    await shot(page, 'recorder')
    await page.keyboard.press('Space')
    const sent = last(page).getByRole('group', { name: 'Voice message' })
    await sent.waitFor()
    await last(page)
      .getByRole('img', { name: /Sent|Read/ })
      .waitFor()
    const heard = last(bob.page).getByRole('group', { name: 'Voice message' })
    await heard.getByRole('button', { name: 'Play' }).click()
    await heard.getByRole('button', { name: 'Pause' }).waitFor()
    await eventually(async () => expect(Number(await heard.getByRole('slider').inputValue())).toBeGreaterThan(300))
    await shot(bob.page, 'voice-phone')
    await heard.getByRole('slider').press('End')
    await heard.getByRole('button', { name: 'Play' }).waitFor()
    expect(await composer(page).isVisible()).toBe(true)
  })

  it('a document without a network: the row is there at once, and it arrives when there is one', async () => {
    const { page } = ann
    await page.context().setOffline(true)
    await page.getByText("You're offline.").waitFor()
    const path = join(folder, 'Plan of the year.pdf')
    await writeFile(path, Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(120_000, 'x')]))
    await choose(page, 'File', [path])
    await composer(page).fill('The plan')
    await send(page)
    await row(page, 'The plan').getByRole('progressbar').waitFor()
    await shot(page, 'offline-document')
    await page.context().setOffline(false)
    const link = row(bob.page, 'The plan').getByRole('link', { name: /Save Plan of the year\.pdf/ })
    await link.waitFor({ timeout: 30_000 })
    const download = bob.page.waitForEvent('download')
    await link.click()
    expect((await download).suggestedFilename()).toBe('Plan of the year.pdf')
    await row(page, 'The plan').getByRole('progressbar').waitFor({ state: 'detached' })
  })

  it('a large file, although the page is reloaded in the middle of it', async () => {
    const { page } = ann
    const path = join(folder, 'large.bin')
    await writeFile(path, Buffer.alloc(6_000_000, 'abcdefghij'))
    let brought = 0
    const offsets: number[] = []
    await page.route('**/api/v1/uploads/*', (route, request) => {
      if (request.method() !== 'PATCH') return route.continue()
      offsets.push(Number(request.headers()['upload-offset']))
      // The third never ends.
      return ++brought === 3 ? undefined : route.continue()
    })
    await choose(page, 'File', [path])
    await composer(page).fill('Something large')
    await send(page)
    await eventually(() => expect(brought).toBe(3))
    await page.reload()
    await row(page, 'Something large')
      .getByRole('img', { name: /Sent|Read/ })
      .waitFor({ timeout: 30_000 })
    await row(bob.page, 'Something large')
      .getByRole('link', { name: /large\.bin/ })
      .waitFor()
    // It went on where it was, and did not begin again.
    expect(offsets.filter((offset) => offset === 0)).toHaveLength(1)
    expect(await row(bob.page, 'Something large').count()).toBe(1)
    await page.unroute('**/api/v1/uploads/*')
    const left = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ''))
    expect(left.some((name) => name.startsWith('windi-chat.uploads'))).toBe(true)
    await eventually(async () => expect(await storedUploads(page)).toBe(0))
  })

  it('ten files, although the page is reloaded while one of them is cut: each arrives once, and nothing stays stored', async () => {
    const { page } = ann
    const names = Array.from({ length: 10 }, (_, n) => `part-${n}.bin`)
    // Longer than one request brings.
    const files = names.map((name, n) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(600_000, `${n}abcdefghi`) }))
    const begun = new Map<string, number>()
    let cut: string | undefined
    await page.route('**/api/v1/uploads/*', (route, request) => {
      if (request.method() !== 'PATCH') return route.continue()
      const offset = Number(request.headers()['upload-offset'])
      if (offset === 0) begun.set(request.url(), (begun.get(request.url()) ?? 0) + 1)
      if (offset === 0 || cut !== undefined) return route.continue()
      // The first that is in its middle never gets on.
      cut = request.url()
      return undefined
    })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach' }).click()
    await page.getByRole('menuitem', { name: 'File' }).click()
    await (await chooser).setFiles(files)
    await eventually(async () => expect(await tiles(page).count()).toBe(10))
    await composer(page).fill('Ten files')
    await send(page)
    await eventually(() => expect(cut).toBeDefined())
    await page.reload()
    const sent = row(page, 'Ten files')
    await sent.getByRole('img', { name: /Sent|Read/ }).waitFor()
    const arrived = row(bob.page, 'Ten files').getByRole('link', { name: /part-\d\.bin/ })
    await eventually(async () => expect(await arrived.count()).toBe(10))
    expect(await row(bob.page, 'Ten files').count()).toBe(1)
    const links = await arrived.evaluateAll((all) => all.map((one) => one.ariaLabel ?? one.textContent ?? ''))
    expect(new Set(links.map((link) => /part-\d/.exec(link)?.[0])).size).toBe(10)
    // It went on where it was, and no other upload was begun in its place.
    expect([begun.get(cut!), begun.size]).toEqual([1, 10])
    await page.unroute('**/api/v1/uploads/*')
    await eventually(async () => expect(await storedUploads(page)).toBe(0))
  })

  it('what is dropped and pasted, and what is in the draft survives a reload', async () => {
    const { page } = ann
    await page.evaluate(() => {
      const dropped = new DataTransfer()
      dropped.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
      dispatchEvent(new DragEvent('dragenter', { dataTransfer: dropped, bubbles: true, cancelable: true }))
    })
    await page.getByText('Drop files to attach them').waitFor()
    await page.evaluate(() => {
      const both = ['drop', 'paste'].map((name) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([name], `${name}ped.txt`, { type: 'text/plain' }))
        return transfer
      })
      dispatchEvent(new DragEvent('drop', { dataTransfer: both[0]!, bubbles: true, cancelable: true }))
      dispatchEvent(new ClipboardEvent('paste', { clipboardData: both[1]!, bubbles: true, cancelable: true }))
    })
    await eventually(async () => expect(await tiles(page).count()).toBe(2))
    await page.reload()
    await eventually(async () => expect(await tiles(page).count()).toBe(2))
    await page.getByRole('button', { name: 'Remove pasteped.txt' }).click()
    await send(page)
    await last(page)
      .getByRole('link', { name: /dropped\.txt|dropped/ })
      .waitFor()
    expect(await tiles(page).count()).toBe(0)
  })

  it('and whoever signs out leaves nothing of a draft behind', async () => {
    const { page } = await openTab(browser, service.url)
    await register(page, 'Eve Lang')
    await writeTo(page, 'Bob Klein')
    const path = join(folder, 'secret.txt')
    await writeFile(path, 'secret')
    await choose(page, 'File', [path])
    await eventually(async () => expect(await storedUploads(page)).toBe(1))
    await settings(page, 'Account')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page
      .getByRole('button', { name: /account/ })
      .first()
      .waitFor()
    await eventually(async () => expect(await storedUploads(page)).toBe(0))
    await page.context().close()
  })

  it('find all of it beside the chat', async () => {
    const { page } = ann
    await page.getByRole('button', { name: 'Contact info' }).last().click()
    const panel = page.getByRole('complementary')
    await eventually(async () => expect(await panel.getByRole('button', { name: /tower|harbour/ }).count()).toBe(2))
    await shot(page, 'panel')
    await panel.getByRole('radio', { name: 'Files' }).check({ force: true })
    await panel.getByRole('link', { name: /large\.bin/ }).waitFor()
    await panel.getByRole('radio', { name: 'Audio' }).check({ force: true })
    await panel.getByRole('group', { name: /voice/ }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('have pictures of their own and of groups, in place of initials', async () => {
    const { page } = ann
    const portrait = await picture('portrait.jpg', [800, 1_000], 21)
    const pick = async (name: string) => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name }).click()
      await (await chooser).setFiles([portrait])
    }
    const isShown = (where: Page, place: string) =>
      eventually(async () => expect(await where.locator(`${place} [data-avatar] img[data-loaded=true]`).count()).toBeGreaterThan(0))
    await settings(page, 'Profile')
    await pick('Add a photo')
    await page.getByRole('button', { name: 'Remove the photo' }).waitFor()
    await isShown(page, '[role=dialog]')
    await shot(page, 'profile')
    await page.keyboard.press('Escape')
    await isShown(page, 'nav')
    await bob.page.reload()
    await isShown(bob.page, 'header')
    const bobId = await bob.page.evaluate(
      () => (JSON.parse(localStorage.getItem('windi-chat.session')!) as { user: { id: string } }).user.id,
    )
    await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Walks', member_ids: [bobId] }])
    await openFromList(page, 'Walks')
    await page.getByRole('button', { name: 'Group info' }).last().click()
    await pick('Add a photo')
    await isShown(page, 'main header')
    await shot(page, 'group')
    await page
      .getByText(/changed the group photo/)
      .first()
      .waitFor()
    await shot(page, 'group')
    await page.getByRole('button', { name: 'Remove the photo' }).click()
    await eventually(async () => expect(await page.locator('main header [data-avatar] img').count()).toBe(0))
    await page.keyboard.press('Escape')
    await openFromList(page, 'Bob Klein')
  })

  it('with nothing that axe finds, and nothing wider than a phone', async () => {
    for (const { page } of [ann, bob]) {
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' · ')}`)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    expect([...ann.complaints, ...bob.complaints]).toEqual([])
  })
})

/** Uploads that the browser keeps. */
const storedUploads = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const name = (await indexedDB.databases()).map((one) => one.name ?? '').find((one) => one.startsWith('windi-chat.uploads'))!
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => resolve(request.result)
    })
    return new Promise<number>((resolve) => {
      const request = database.transaction('uploads').objectStore('uploads').count()
      request.onsuccess = () => resolve(request.result)
    })
  })
