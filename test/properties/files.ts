import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { fileIntake } from '../../src/adapters/files/intake.ts'
import { memoryBlobs } from '../../src/adapters/files/memory.ts'
import { memoryPorts } from '../../src/adapters/memory/ports.ts'
import { type MemoryStore, memoryStore } from '../../src/adapters/memory/store.ts'
import { newId } from '../../src/adapters/system/random.ts'
import type { Caller } from '../../src/application/chat-api.ts'
import type { Blobs } from '../../src/application/ports/blobs.ts'
import type { Files } from '../../src/application/ports/files.ts'
import { asId, type ChatId, type FileId, type MessageId, type UserId } from '../../src/domain/ids.ts'
import { isRefusal } from '../../src/domain/refusal.ts'
import { embed } from '../../src/main/embed.ts'
import { picture } from '../../src/main/seeding/picture.ts'

const HOUR = 3_600_000

/** Replaces parts of what the application is given. */
export interface Sabotage {
  files?(files: Files, store: MemoryStore): Partial<Files>
  blobs?(blobs: Blobs): Partial<Blobs>
}

interface Shared {
  readonly chat: number
  readonly id: MessageId
  readonly sender: number
  files: readonly number[]
}
interface Uploaded {
  readonly id: FileId
  readonly owner: number
  readonly text: string
}

/** Three users, two groups, and what should be the case. */
export async function fileWorld({ files: sabotageFiles, blobs: sabotageBlobs }: Sabotage = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'file-law-'))
  let now = Date.UTC(2030, 0, 1)
  let crashAfter = Number.POSITIVE_INFINITY
  const crashing = <T extends object>(port: T, names: readonly (keyof T)[]): T => {
    const around = Object.fromEntries(
      names.map((name) => [
        name,
        (...args: readonly unknown[]) => {
          if (crashAfter-- <= 0) throw new Error('crash')
          return (port[name] as (...args: readonly unknown[]) => unknown)(...args)
        },
      ]),
    )
    return { ...port, ...around }
  }
  const store = memoryStore('epoch')
  const bytes = memoryBlobs()
  const blobs = crashing({ ...bytes, ...sabotageBlobs?.(bytes) }, ['remove'])
  const storage = {
    intake: await fileIntake({ folder, newId, clock: () => now, stopwatch: () => now }),
    blobs,
    fileLimit: 1_000,
    quota: 1_000_000,
    redirects: false,
    signatures: { sign: (text: string) => text, isSigned: (text: string, signature: string) => text === signature },
  }
  const chat = embed(
    (onCommit) => {
      const ports = memoryPorts(store, onCommit)
      const files = { ...ports.files, ...sabotageFiles?.(ports.files, store) }
      return { ...ports, files: crashing(files, ['release', 'released']) }
    },
    { storage, clock: () => now },
  )
  const users: Caller[] = []
  for (const name of ['Ann', 'Bob', 'Eve']) users.push(await chat.addPerson({ name }))
  const idOf = (user: number): UserId => users[user]!.userId
  const group = async () => (await chat.api.createGroup(users[0]!, { name: 'G', memberIds: [idOf(1), idOf(2)] })).view.chat.id
  const chats: ChatId[] = [await group(), await group()]
  const members = chats.map(() => new Set([0, 1, 2]))
  /** The file that is the picture of a user, and of a group. */
  const faces = new Map<number, number>()
  const covers = new Map<number, number>()
  const uploads: Uploaded[] = []
  const messages: Shared[] = []

  async function* content(text: string) {
    yield Buffer.from(text, 'latin1')
  }
  const attached = (files: readonly number[]) => files.map((file) => ({ fileId: uploads[file]!.id }))

  const world = {
    async upload(owner: number, text: string) {
      const { file } = await chat.api.uploadFile(users[owner]!, { name: 'x', bytes: content(text) })
      uploads.push({ id: file.id, owner, text })
    },
    async send(sender: number, to: number, file: number) {
      const command = { chatId: chats[to]!, clientMessageId: asId<never>(newId()), attachments: attached([file]) }
      const { view } = await chat.api.sendMessage(users[sender]!, command)
      messages.push({ chat: to, id: view.message.id, sender, files: [file] })
    },
    async edit(message: Shared, file: number) {
      const command = { chatId: chats[message.chat]!, messageId: message.id, text: 'x', attachments: attached(file < 0 ? [] : [file]) }
      await chat.api.editMessage(users[message.sender]!, command)
      message.files = file < 0 ? [] : [file]
    },
    async delete(message: Shared) {
      await chat.api.deleteMessage(users[message.sender]!, { chatId: chats[message.chat]!, messageId: message.id })
      message.files = []
    },
    async forward(sender: number, message: Shared, to: number) {
      const forward = { chatId: chats[message.chat]!, messageId: message.id }
      const { view } = await chat.api.sendMessage(users[sender]!, { chatId: chats[to]!, clientMessageId: asId<never>(newId()), forward })
      messages.push({ chat: to, id: view.message.id, sender, files: message.files })
    },
    async leave(user: number, from: number) {
      await chat.api.removeMembers(users[0]!, { chatId: chats[from]!, userIds: [idOf(user)] })
      members[from]!.delete(user)
    },
    async join(user: number, to: number) {
      await chat.api.addMembers(users[0]!, { chatId: chats[to]!, userIds: [idOf(user)] })
      members[to]!.add(user)
    },
    /** A user's own picture, or none. */
    async face(user: number, file: number | undefined) {
      await chat.api.updateMe(users[user]!, { avatar: file === undefined ? null : uploads[file]!.id })
      show(faces, user, file)
    },
    /** The picture of a group, or none. */
    async cover(of: number, file: number | undefined) {
      await chat.api.renameChat(users[0]!, { chatId: chats[of]!, avatar: file === undefined ? null : uploads[file]!.id })
      show(covers, of, file)
    },
    async pass(hours: number) {
      now += hours * HOUR
    },
    async collect(crash: number) {
      crashAfter = crash
      await chat.collectFiles().catch(() => {})
      crashAfter = Number.POSITIVE_INFINITY
    },
  }

  /** Whether somebody else than its owner has a file. */
  const isLinked = (file: number) =>
    messages.some((message) => message.files.includes(file)) || [...faces.values(), ...covers.values()].includes(file)

  return {
    ...world,
    uploads,
    messages,
    blobs: bytes,
    sweep: () => chat.sweepFiles(),
    begin: (owner: number) => chat.api.createUpload(users[owner]!, { name: 'x', length: 5 }),
    /** Every address that is given and should not be, or the other way round. */
    async wrongRights(): Promise<readonly string[]> {
      const wrong: string[] = []
      for (const [user, caller] of users.entries())
        for (const [i, { id, owner }] of uploads.entries()) {
          const exists = store.files.has(id)
          const isMember =
            messages.some((message) => message.files.includes(i) && members[message.chat]!.has(user)) ||
            [...faces.values()].includes(i) ||
            [...covers].some(([of, file]) => file === i && members[of]!.has(user))
          const [given] = await chat.api.getFileUrls(caller, [id])
          if ((given !== undefined) !== (exists && (owner === user || isMember))) wrong.push(`user ${user}, file ${i}`)
        }
      return wrong
    },
    /** After two days: what is linked and cannot be read, and what is not and is still there. */
    async leftWrong(): Promise<readonly string[]> {
      for (let i = 0; i < 4; i++) {
        await world.pass(25)
        await world.collect(Number.POSITIVE_INFINITY)
      }
      const wrong: string[] = []
      const wanted = new Set<string>()
      for (const [i, { id, owner, text }] of uploads.entries()) {
        const content = await chat.api.getFileContent(users[owner]!, { fileId: id }).catch(() => undefined)
        const read = content && (await content.open())
        let found = ''
        if (read) for await (const chunk of read) found += Buffer.from(chunk).toString('latin1')
        if (isLinked(i)) wanted.add(createHash('sha256').update(text, 'latin1').digest('hex'))
        if (isLinked(i) ? found !== text : content !== undefined) wrong.push(`file ${i}`)
      }
      const stored = await bytes.list()
      return [...wrong, ...stored.filter((sha256) => !wanted.has(sha256))]
    },
    async close() {
      await chat.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function show(shown: Map<number, number>, of: number, file: number | undefined): void {
  if (file === undefined) shown.delete(of)
  else shown.set(of, file)
}

export type FileWorld = Awaited<ReturnType<typeof fileWorld>>

const n = fc.nat({ max: 30 })
export const step = fc.tuple(
  fc.constantFrom(
    'upload',
    'upload',
    'send',
    'send',
    'edit',
    'delete',
    'forward',
    'leave',
    'join',
    'pass',
    'collect',
    'days',
    'picture',
    'picture',
    'face',
    'cover',
  ),
  n,
  n,
  n,
)
type Step = readonly [string, number, number, number]

/** One thing that happens; what is refused does not. */
export async function take(world: FileWorld, [what, a, b, c]: Step): Promise<void> {
  const message = world.messages[a % Math.max(1, world.messages.length)]
  const file = b % Math.max(1, world.uploads.length)
  const hasFile = world.uploads.length > 0
  const steps: Readonly<Record<string, () => Promise<unknown> | undefined>> = {
    upload: () => world.upload(a % 3, `text ${b % 4}`),
    picture: () => world.upload(a % 3, Buffer.from(picture(b % 3, [4, 4])).toString('latin1')),
    face: () => (hasFile ? world.face(a % 3, c % 4 === 0 ? undefined : file) : undefined),
    cover: () => (hasFile ? world.cover(a % 2, c % 4 === 0 ? undefined : file) : undefined),
    send: () => (hasFile ? world.send(c % 3, a % 2, file) : undefined),
    edit: () => (message && hasFile ? world.edit(message, c % 3 === 0 ? -1 : file) : undefined),
    delete: () => message && world.delete(message),
    forward: () => message && world.forward(b % 3, message, c % 2),
    leave: () => world.leave(1 + (a % 2), b % 2),
    join: () => world.join(1 + (a % 2), b % 2),
    pass: () => world.pass(a + b),
    collect: () => world.collect(a % 6),
    async days() {
      for (let day = 0; day < 2; day++) {
        await world.pass(25)
        await world.collect(Number.POSITIVE_INFINITY)
      }
    },
  }
  try {
    await steps[what]!()
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}
