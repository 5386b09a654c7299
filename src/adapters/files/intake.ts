import type { Intake, Received } from '../../application/ports/intake.ts'
import { withSource } from './source.ts'
import { jpeg } from './strip/jpeg.ts'
import { bytesOf, isAll, type Stripping } from './strip/pieces.ts'
import { png } from './strip/png.ts'
import { webp } from './strip/webp.ts'
import { type TemporaryOptions, temporaryFiles } from './temporary.ts'
import { examine } from './types/examine.ts'

/** The types out of which something is taken. */
const strippings: Readonly<Record<string, Stripping>> = { 'image/jpeg': jpeg, 'image/png': png, 'image/webp': webp }

/** Receives files in a folder of its own, and looks into them there. */
export async function fileIntake(options: TemporaryOptions): Promise<Intake> {
  const { write, drop } = await temporaryFiles(options)
  return {
    receive: write,
    drop,
    examine: ({ path }) => withSource(path, examine),
    strip: (received, type) => stripped(received, strippings[type]),
  }

  async function stripped(received: Received, stripping: Stripping | undefined): Promise<Received | undefined> {
    if (!stripping) return received
    return withSource(received.path, async (source) => {
      const pieces = await stripping(source)
      if (!pieces) return undefined
      return isAll(source, pieces) ? received : write(bytesOf(source, pieces), { limit: Number.POSITIVE_INFINITY })
    })
  }
}
