import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { block } from './blocks.ts'

it('applies whatever comes once and in order, by the rules of the log and the cursor', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    block('docs/log-and-cursor.md', 'rules'),
  ])
  expect(stdout.trim()).toBe('1,2,3,4,5')
  expect(stderr).toBe('')
})
