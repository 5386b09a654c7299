import { type Command, Option } from 'commander'
import { type MakeCommand, paged, running } from './running.ts'

/** Accounts. */
export function userCommands(command: MakeCommand, windi: Command): void {
  const user = windi.command('user').description('manage accounts').exitOverride()
  command('add', 'create an account; prints a password if none is given', user)
    .requiredOption('--name <name>', 'the name that others see')
    .requiredOption('--email <address>', 'the email to sign in with')
    .option('--username <name>', 'derived from the name if absent')
    .addOption(new Option('--password <password>', 'visible to everyone who can list processes').conflicts('passwordStdin'))
    .option('--password-stdin', 'read the password from standard input')
    .action(running(async () => (await import('../commands/add-user.ts')).addUser))
  aboutUsers(command, user)
}

function aboutUsers(command: MakeCommand, user: Command): void {
  const loaded = async () => import('../commands/users.ts')
  const aboutOne = (name: string, description: string) =>
    command(name, description, user).argument('<login>', 'a username, an email or an id')
  paged(command('list', 'list users by name', user))
    .option('--query <text>', 'part of a name, username or email')
    .addOption(new Option('--state <state>', 'all unless given').choices(['active', 'disabled']))
    .action(running(async () => (await loaded()).listUsers))
  aboutOne('recovery', 'print a one-time code for a new password').action(running(async () => (await loaded()).recoverUser))
  aboutOne('disable', 'sign a user out and refuse them until they are enabled').action(running(async () => (await loaded()).disableUser))
  aboutOne('enable', 'let a disabled user sign in again').action(running(async () => (await loaded()).enableUser))
  aboutOne('password', 'set a new password, sign all devices out; prints a password if none is given')
    .option('--password-stdin', 'read the password from standard input')
    .action(running(async () => (await loaded()).setUserPassword))
  aboutOne('admin', 'make a user a member of staff')
    .option('--off', 'no longer')
    .action(running(async () => (await loaded()).makeStaff))
  aboutOne('export', 'write everything that is stored about a user to a file, a JSON object on each line')
    .argument('<file>', 'the file to create')
    .action(running(async () => (await import('../commands/export-user.ts')).exportUser))
  aboutOne('delete', 'delete a user with all their texts, permanently').action(running(async () => (await loaded()).deleteUser))
}

/** The secret of the service. */
export function secretCommands(command: MakeCommand, windi: Command): void {
  const secret = windi.command('secret').description('the secret that signs tokens').exitOverride()
  const loaded = async () => import('../commands/secret.ts')
  command('add', 'make the next secret: processes take its tokens once they are restarted', secret).action(
    running(async () => (await loaded()).addSecret),
  )
  command('use', 'sign with the next secret, and still take tokens of the one before', secret).action(
    running(async () => (await loaded()).useSecret),
  )
}
