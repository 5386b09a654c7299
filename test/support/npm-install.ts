import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type TempFolder, tempFolder } from './places.ts'

const run = promisify(execFile)

/** A folder of somebody's own, with these packages installed: out of the registry, or tarballs by their paths. */
export async function npmInstall(name: string, packages: readonly string[]): Promise<TempFolder> {
  const folder = await tempFolder(name)
  await writeFile(join(folder.path, 'package.json'), JSON.stringify({ name: 'somebody', private: true, type: 'module' }))
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...packages], { cwd: folder.path })
  return folder
}
