import { Command, CommanderError, Option } from 'commander'
import { stopwatch } from '../adapters/system/clock.ts'
import { isRefusal } from '../domain/refusal.ts'
import type { Context } from './commands/context.ts'
import { isComplaint } from './complaint.ts'
import { describe, EX_CONFIG, type Mistake, processEnvironment, readConfig } from './config.ts'
import { terminal } from './terminal.ts'
import { version } from './version.ts'

const EX_FAILED = 1
const EX_USAGE = 2

interface CommonOptions {
  readonly json?: boolean
  readonly host?: string
  readonly port?: string
  readonly database?: string
}

/** Reads the settings, then loads and runs the work of a command; every way to fail ends in a message and an exit status. */
const running =
  <O extends object, A extends readonly unknown[]>(load: () => Promise<(context: Context, options: O, ...args: A) => Promise<void>>) =>
  async (...line: unknown[]): Promise<void> => {
    const options = line.at(-2) as O & CommonOptions
    const args = line.slice(0, -2) as unknown as A
    const { host, port, database } = options
    const given = Object.entries({ host, port, databaseUrl: database }).filter(([, text]) => text !== undefined)
    const read = readConfig(processEnvironment(), Object.fromEntries(given))
    if ('mistakes' in read) return misconfigured(read.mistakes, options)
    try {
      const work = await load()
      await work({ config: read.config, terminal: terminal(options, stopwatch) }, options, ...args)
    } catch (error) {
      failed(error, options)
    }
  }

function misconfigured(mistakes: readonly Mistake[], { json }: CommonOptions): void {
  console.error(json ? JSON.stringify({ mistakes }) : describe(mistakes))
  process.exitCode = EX_CONFIG
}

function failed(error: unknown, { json }: CommonOptions): void {
  const { message, stack } = error as Error
  const facts = isRefusal(error) ? { code: error.code, ...error.facts } : { message }
  if (json) console.error(JSON.stringify({ error: facts }))
  else
    console.error(isRefusal(error) ? `Refused: ${reasons(error.facts) ?? error.code}` : isComplaint(error) ? message : (stack ?? message))
  process.exitCode = EX_FAILED
}

const reasons = (facts: object): string | undefined =>
  'errors' in facts
    ? (facts.errors as readonly { pointer: string; detail: string }[])
        .map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`)
        .join(', ')
    : undefined

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

type MakeCommand = (name: string, description: string, parent?: Command) => Command

function userCommands(command: MakeCommand, windi: Command): void {
  const user = windi.command('user').description('manage accounts').exitOverride()
  command('add', 'create an account; prints a password if none is given', user)
    .requiredOption('--name <name>', 'the name that others see')
    .requiredOption('--email <address>', 'the email to sign in with')
    .option('--username <name>', 'derived from the name if absent')
    .addOption(new Option('--password <password>', 'visible to everyone who can list processes').conflicts('passwordStdin'))
    .option('--password-stdin', 'read the password from standard input')
    .action(running(async () => (await import('./commands/add-user.ts')).addUser))
}

function keyCommands(command: MakeCommand, windi: Command): void {
  const key = windi.command('key').description('keys of back ends and bots').exitOverride()
  const loaded = async () => import('./commands/keys.ts')
  command('add', 'make a key and print it, this once', key)
    .requiredOption('--name <name>', 'what the key is for')
    .option('--scopes <names>', 'what it may do, separated by commas: provision, read, act, post, moderate, hooks, admin')
    .option('--bot <login>', 'the bot it stands for, instead of scopes: a username or an id')
    .option('--expires <time>', 'when it ends, as RFC 3339; else it lasts until it is revoked')
    .action(running(async () => (await loaded()).addKey))
  command('list', 'list the keys that are not revoked', key).action(running(async () => (await loaded()).listKeys))
  command('revoke', 'revoke a key: it is refused within 5 s', key)
    .argument('<id>', 'the id of the key')
    .action(running(async () => (await loaded()).revokeKey))
}

function secretCommands(command: MakeCommand, windi: Command): void {
  const secret = windi.command('secret').description('the secret that signs tokens').exitOverride()
  const loaded = async () => import('./commands/secret.ts')
  command('add', 'make the next secret: processes take its tokens once they are restarted', secret).action(
    running(async () => (await loaded()).addSecret),
  )
  command('use', 'sign with the next secret, and still take tokens of the one before', secret).action(
    running(async () => (await loaded()).useSecret),
  )
}

function copyingCommands(command: MakeCommand): void {
  command('backup', 'copy an SQLite database while it is being served')
    .argument('<file>', 'the file to create')
    .action(running(async () => (await import('./commands/backup.ts')).backUp))
  command('restore', 'restore a backup; without a file, start a new epoch after restoring Postgres')
    .argument('[file]', 'a file that backup has created')
    .action(running(async () => (await import('./commands/restore.ts')).restore))
  command('export', 'write all users, chats and messages to a file, for another database; the service may keep running')
    .argument('<file>', 'the file to create; gzipped if its name ends in .gz')
    .option('--files <folder>', 'copy the bytes of all files into this folder, too')
    .action(running(async () => (await import('./commands/export.ts')).exportStore))
  command('import', 'fill an empty database from a file that export has written')
    .argument('<file>', 'a file that export has created')
    .option('--files <folder>', 'the folder into which export has copied the bytes of all files')
    .action(running(async () => (await import('./commands/import.ts')).importStore))
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
  command('migrate', 'bring the tables up to date').action(running(async () => (await import('./commands/migrate.ts')).migrateStore))
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
  keyCommands(command, windi)
  copyingCommands(command)
  command('doctor', 'check the settings, the database and Redis; changes nothing')
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
