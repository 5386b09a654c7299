import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../test/support/browser.ts'

/** Draws `web/public/icon.svg` in the sizes that browsers ask for: `node tools/icons.ts`. */
const folder = fileURLToPath(new URL('../web/public/', import.meta.url))
const svg = await readFile(`${folder}icon.svg`, 'utf8')
const browser = await launchBrowser()

async function drawn(size: number, style: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(
    `<style>body{margin:0;display:grid;place-items:center;height:100vh;${style}}svg{width:100%;height:100%}</style>${svg}`,
  )
  const picture = await page.screenshot({ omitBackground: true })
  await page.close()
  return picture
}

/** A header of 22 bytes makes an icon file of a PNG. */
function icoOf(png: Buffer, size: number): Buffer {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  head.writeUInt8(size, 6)
  head.writeUInt8(size, 7)
  head.writeUInt16LE(1, 10)
  head.writeUInt16LE(32, 12)
  head.writeUInt32LE(png.length, 14)
  head.writeUInt32LE(22, 18)
  return Buffer.concat([head, png])
}

try {
  for (const size of [180, 192, 512]) await writeFile(`${folder}icon-${size}.png`, await drawn(size, ''))
  await writeFile(`${folder}icon-maskable.png`, await drawn(512, 'background:#3358d4;padding:10%;box-sizing:border-box'))
  await writeFile(`${folder}favicon.ico`, icoOf(await drawn(32, ''), 32))
} finally {
  await browser.close()
}
