import { type Command, Option } from 'commander'
import { VERDICTS } from '../../domain/report.ts'
import { type MakeCommand, paged, running } from './running.ts'

/** Chats, reports, and what was done to them and to users. */
export function contentCommands(command: MakeCommand, windi: Command): void {
  const chat = windi.command('chat').description('chats of all users, without their texts').exitOverride()
  const loaded = async () => import('../commands/chats.ts')
  paged(command('list', 'list all chats, newest first', chat)).action(running(async () => (await loaded()).listAllChats))
  command('show', 'show a chat without its texts', chat)
    .argument('<id>', 'the id of the chat')
    .action(running(async () => (await loaded()).showChat))
  command('delete', 'delete a chat with all that it holds, permanently', chat)
    .argument('<id>', 'the id of the chat')
    .action(running(async () => (await loaded()).deleteAnyChat))
  const report = windi.command('report').description('messages that members have reported').exitOverride()
  const reports = async () => import('../commands/reports.ts')
  paged(command('list', 'list reports, newest first', report))
    .addOption(new Option('--state <state>', 'all unless given').choices(['open', 'resolved']))
    .action(running(async () => (await reports()).listReports))
  command('resolve', 'decide about a report, and carry it out', report)
    .argument('<id>', 'the id of the report')
    .addOption(new Option('--action <action>', 'what becomes of it').choices([...VERDICTS]).makeOptionMandatory())
    .action(running(async () => (await reports()).resolveReport))
  paged(command('audit', 'list what staff, back ends and operators did, newest first'))
    .option('--user <login>', 'about this user: a username, an email or an id')
    .option('--chat <id>', 'about this chat')
    .action(running(async () => (await import('../commands/audit.ts')).listAudit))
}

/** Copies of a store. */
export function copyingCommands(command: MakeCommand): void {
  command('backup', 'copy an SQLite database while it is being served')
    .argument('<file>', 'the file to create')
    .action(running(async () => (await import('../commands/backup.ts')).backUp))
  command('restore', 'restore a backup; without a file, start a new epoch after restoring Postgres')
    .argument('[file]', 'a file that backup has created')
    .action(running(async () => (await import('../commands/restore.ts')).restore))
  command('export', 'write all users, chats and messages to a file, for another database; the service may keep running')
    .argument('<file>', 'the file to create; gzipped if its name ends in .gz')
    .option('--files <folder>', 'copy the bytes of all files into this folder, too')
    .action(running(async () => (await import('../commands/export.ts')).exportStore))
  command('import', 'fill an empty database from a file that export has written')
    .argument('<file>', 'a file that export has created')
    .option('--files <folder>', 'the folder into which export has copied the bytes of all files')
    .action(running(async () => (await import('../commands/import.ts')).importStore))
  command('history', 'add users, groups and messages of another system, with their times; safe to repeat')
    .argument('<file>', 'JSON lines as docs/guides/import.md describes them; gzipped if its name ends in .gz; - for standard input')
    .action(running(async () => (await import('../commands/history.ts')).addHistory))
}
