#!/usr/bin/env node
import * as crypto from 'node:crypto'

/** Looked at before anything else is loaded: an older Node stops at the first import that it does not know, and says nothing useful. */
if ('hash' in crypto) {
  const { runCommand } = await import('./commands.ts')
  await runCommand(process.argv)
} else {
  console.error(
    `windi-chat needs Node 20.12 or later, and this is ${process.version}.\n` +
      'npm brings one along: `npm start` and `npx windi-chat` use the one in node_modules, whatever else is installed.',
  )
  process.exitCode = 1
}
