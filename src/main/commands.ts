import { Command, CommanderError, Option } from 'commander'
import { contentCommands, copyingCommands } from './command-line/content.ts'
import { programCommands } from './command-line/programs.ts'
import { running } from './command-line/running.ts'
import { secretCommands, userCommands } from './command-line/users.ts'
import { version } from './version.ts'

const EX_USAGE = 2

/** Runs what the command line asks for. The exit status is 0, 1 for work that failed, 2 for a wrong command line, 78 for wrong settings. */
export async function runCommand(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreNobodyReading)
  try {
    await program().parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? 0 : EX_USAGE
  }
}

/** `windi-chat openapi | head` is no reason to fail, nor to stop serving. */
function ignoreNobodyReading(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** The commands with their options and help texts. */
export function program(): Command {
  const windi = new Command('windi-chat')
    .description('A chat backend: every message once, in one order for all members, none lost.')
    .version(version)
    .exitOverride()
    .showHelpAfterError()
    .addHelpText('after', '\nSettings come from the environment, such as PORT and DATABASE_URL: see docs/reference/settings.md.')

  const command = (name: string, description: string, parent = windi) =>
    parent
      .command(name)
      .description(description)
      .option('--json', 'answer in JSON, for programs')
      .addOption(new Option('--database <url>', 'the database, instead of DATABASE_URL'))
      .exitOverride()

  command('serve', 'serve HTTP and WebSocket until SIGTERM or SIGINT')
    .option('--host <name>', 'the address to listen on, instead of HOST')
    .option('--port <number>', 'the port to listen on, instead of PORT')
    .action(running(async () => (await import('./commands/serve.ts')).serve))
  command('migrate', 'bring the tables up to date')
    .option('--partitions <number>', 'divide the large tables of Postgres by chat; nobody can read or write meanwhile')
    .action(running(async () => (await import('./commands/migrate.ts')).migrateStore))
  command('seed', 'create demo users, chats and messages; safe to repeat')
    .option('--users <number>', 'users in total (default: 5)')
    .option('--chats <number>', 'chats in total')
    .option('--messages <number>', 'messages in total')
    .action(running(async () => (await import('./commands/plant.ts')).plant))

  userCommands(command, windi)
  command('token', 'print an access token of a user, for curl')
    .requiredOption('--login <name>', 'email or username')
    .action(running(async () => (await import('./commands/token.ts')).issueToken))
  secretCommands(command, windi)
  programCommands(command, windi)
  contentCommands(command, windi)
  copyingCommands(command)
  command('doctor', 'check the settings, the database, Redis and NATS; changes nothing')
    .option('--files', 'check that the bytes of all files are there, too')
    .action(running(async () => (await import('./commands/doctor.ts')).examine))

  const print = (document: (facts: { version: string }) => unknown) =>
    void process.stdout.write(`${JSON.stringify(document({ version }), undefined, 2)}\n`)
  windi
    .command('openapi')
    .description('print the OpenAPI document')
    .exitOverride()
    .action(async () => print((await import('../adapters/wire/openapi.ts')).openapi))
  windi
    .command('asyncapi')
    .description('print the AsyncAPI document')
    .exitOverride()
    .action(async () => print((await import('../adapters/wire/asyncapi.ts')).asyncapi))
  return windi
}
