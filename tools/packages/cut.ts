import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'

const SPECIFIER = /((?:\bfrom\s+|\bimport\s+|\bimport\())(["'])([^"']+)\2/g

export interface Reached {
  /** Of `dist`, without their endings: `domain/chat`. */
  readonly modules: ReadonlySet<string>
  /** What they import that is no file of the project. */
  readonly packages: ReadonlySet<string>
}

/** All that these modules import, and they themselves. `read` answers the text of a module. */
export async function reached(entries: Iterable<string>, read: (module: string) => Promise<string>): Promise<Reached> {
  const modules = new Set<string>()
  const packages = new Set<string>()
  const waiting = [...entries]
  for (let module = waiting.pop(); module !== undefined; module = waiting.pop()) {
    if (modules.has(module)) continue
    modules.add(module)
    for (const [, , , name] of (await read(module)).matchAll(SPECIFIER)) {
      if (name!.startsWith('.')) waiting.push(resolved(module, name!))
      else if (!name!.startsWith('node:')) packages.add(name!)
    }
  }
  return { modules, packages }
}

const resolved = (module: string, name: string): string => posix.join(posix.dirname(module), name).replace(/\.[jt]s$/, '')

/** The text with other names for what it imports: endings that every compiler knows, and modules that another package holds. */
export const renamed = (text: string, module: string, placeOf: (module: string) => string | undefined): string =>
  text.replace(SPECIFIER, (whole, before: string, quote: string, name: string) => {
    if (!name.startsWith('.')) return whole
    const elsewhere = placeOf(resolved(module, name))
    return `${before}${quote}${elsewhere ?? name.replace(/\.ts$/, '.js')}${quote}`
  })

/** What is sent to browsers as it is. */
const READY = /^web\/|api-pages\//

export interface Cut {
  readonly from: string
  readonly to: string
  /** Files by their path in `from`. */
  readonly files: Iterable<string>
  /** Texts that stand in place of the file. */
  readonly instead?: ReadonlyMap<string, string>
  readonly placeOf?: (module: string) => string | undefined
}

export async function cut({ from, to, files, instead, placeOf = () => undefined }: Cut): Promise<void> {
  for (const file of files) {
    const target = join(to, file)
    await mkdir(dirname(target), { recursive: true })
    if (!/\.(js|d\.ts)$/.test(file) || READY.test(file)) {
      await copyFile(join(from, file), target)
      continue
    }
    const module = file.replace(/\.(js|d\.ts)$/, '')
    await writeFile(target, renamed(instead?.get(file) ?? (await readFile(join(from, file), 'utf8')), module, placeOf))
  }
}
