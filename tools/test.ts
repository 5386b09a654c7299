import { spawnSync } from 'node:child_process'

/** Everything: types, lint, what nobody uses, build, then every test. Whatever happens, the last line is `N passed, N failed`. */
const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1

for (const step of ['types', 'lint', 'unused', 'packages']) {
  const status = run('npm', 'run', step)
  if (status !== 0) {
    console.log(`${step} failed\n0 passed, 1 failed`)
    process.exit(status)
  }
}
process.exit(run('vitest', 'run', ...process.argv.slice(2)))
