import type { Command } from 'commander'
import { program } from '../../src/main/commands.ts'
import { code, head, next, table } from './markdown.ts'

/** Every command with its options, from the command line itself. */
export const cliReference = (): string =>
  [
    head('Command line', 'Which commands are there? `npx windi-chat <command>`; `--help` shows the same.'),
    'Settings come from the environment: see [settings](settings.md). Exit status: 0 success, 1 failure, 2 wrong command line, 78 invalid settings.',
    '`--json` answers in JSON on standard output; `NO_COLOR` is respected.\n',
    ...program().commands.flatMap((command) => commandText(command)),
    next('[deploy](../operate/deploy.md).'),
  ].join('\n')

function commandText(command: Command, parent = ''): string[] {
  const name = `${parent}${command.name()}`
  if (command.commands.length > 0) return command.commands.flatMap((below) => commandText(below, `${name} `))
  const usage = [
    name,
    ...command.registeredArguments.map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`)),
  ]
  const rows = [
    ...command.registeredArguments.map((argument) => [code(argument.name()), argument.description]),
    ...command.options.map((option) => [code(option.flags), `${option.description}${option.mandatory ? ' (required)' : ''}`]),
  ]
  return [
    `## ${name}\n`,
    `${code(`windi-chat ${usage.join(' ')}`)}: ${command.description()}\n`,
    ...(rows.length > 0 ? [table(['Option', ''], rows), ''] : []),
  ]
}
