import type { Command } from 'commander'
import { type MakeCommand, paged, running } from './running.ts'

/** Keys and webhooks. */
export function programCommands(command: MakeCommand, windi: Command): void {
  keyCommands(command, windi)
  hookCommands(command, windi)
}

function keyCommands(command: MakeCommand, windi: Command): void {
  const key = windi.command('key').description('keys of back ends and bots').exitOverride()
  const loaded = async () => import('../commands/keys.ts')
  command('add', 'make a key and print it, this once', key)
    .requiredOption('--name <name>', 'what the key is for')
    .option('--scopes <names>', 'what it may do, separated by commas: provision, read, act, post, moderate, hooks, admin')
    .option('--bot <login>', 'the bot it stands for, instead of scopes: a username or an id')
    .option('--expires <time>', 'when it ends, as RFC 3339; else it lasts until it is revoked')
    .action(running(async () => (await loaded()).addKey))
  paged(command('list', 'list the keys that are not revoked', key)).action(running(async () => (await loaded()).listKeys))
  command('revoke', 'revoke a key: it is refused within 5 s', key)
    .argument('<id>', 'the id of the key')
    .action(running(async () => (await loaded()).revokeKey))
}

function hookCommands(command: MakeCommand, windi: Command): void {
  const hook = windi.command('hook').description('webhooks: addresses that receive events').exitOverride()
  const loaded = async () => import('../commands/hooks.ts')
  const aboutOne = (name: string, description: string) => command(name, description, hook).argument('<id>', 'the id of the webhook')
  command('create', 'create a webhook and print its secret, this once', hook)
    .argument('<url>', 'https:, or http: in a private network')
    .option('--types <types>', 'types of events, separated by commas; else all')
    .option('--chats <ids>', 'ids of chats, separated by commas; else all')
    .option('--from <time>', 'deliver events since then, as RFC 3339; else from now on')
    .option('--batch <number>', 'events of one chat in a request, at most (default: 1)')
    .action(running(async () => (await loaded()).createHook))
  paged(command('list', 'list webhooks with their states', hook)).action(running(async () => (await loaded()).listHooks))
  aboutOne('show', 'show a webhook with its state').action(running(async () => (await loaded()).showHook))
  aboutOne('enable', 'switch a webhook on, also after it was answered 410').action(running(async () => (await loaded()).enableHook))
  aboutOne('disable', 'switch a webhook off').action(running(async () => (await loaded()).disableHook))
  aboutOne('rotate', 'make a new secret; the earlier one signs, too, for 24 hours').action(running(async () => (await loaded()).rotateHook))
  aboutOne('replay', 'deliver events again')
    .requiredOption('--from <time>', 'events since then, as RFC 3339')
    .option('--chat <id>', 'only in this chat')
    .action(running(async () => (await loaded()).replayHook))
  aboutOne('skip', 'give up the events of a chat that fail, and go on after them')
    .requiredOption('--chat <id>', 'the chat')
    .action(running(async () => (await loaded()).skipHook))
  paged(aboutOne('dead', 'list the events that were given up')).action(running(async () => (await loaded()).listDead))
  aboutOne('retry', 'attempt once more what was given up').action(running(async () => (await loaded()).retryHook))
  aboutOne('delete', 'delete a webhook').action(running(async () => (await loaded()).deleteHook))
}
