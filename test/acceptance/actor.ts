/** What was said, in the words of the product. */
export interface Said {
  readonly id: string
  readonly chat: string
  readonly seq: number
  readonly text: string | null
  readonly by: string
  readonly version: number
  readonly isDeleted: boolean
  readonly isRead: boolean
}

/** Somebody who uses the product, by whatever way in. What is refused rejects with the code of the refusal as its message. */
export interface Actor {
  readonly id: string
  readonly name: string
  writesTo(other: Actor, text: string, key?: string): Promise<Said & { readonly isReplay: boolean }>
  says(chat: string, text: string, key?: string, replyTo?: string): Promise<Said & { readonly isReplay: boolean }>
  edits(message: Said, text: string, version?: number): Promise<void>
  deletes(message: Said): Promise<void>
  reads(chat: string, seq: number): Promise<{ readonly readSeq: number; readonly unread: number }>
  history(chat: string): Promise<readonly Said[]>
  /** The log: `seq` and type of every event. */
  log(chat: string): Promise<readonly { readonly seq: number; readonly type: string }[]>
  opens(other: Actor): Promise<string>
  founds(name: string, others: readonly Actor[], key?: string): Promise<string>
  renames(chat: string, name: string): Promise<void>
  adds(chat: string, others: readonly Actor[]): Promise<readonly string[]>
  removes(chat: string, others: readonly Actor[]): Promise<void>
  gives(chat: string, other: Actor, role: 'owner' | 'admin' | 'member'): Promise<void>
  disbands(chat: string): Promise<void>
  members(chat: string): Promise<readonly { readonly id: string; readonly role: string }[]>
  chats(query?: string): Promise<readonly { readonly id: string; readonly unread: number; readonly last: string | null | undefined }[]>
  finds(query: string): Promise<readonly string[]>
  searches(query: string): Promise<readonly string[]>
}

/** A way in: makes people of it. */
export interface Driver {
  person(name: string): Promise<Actor>
  close(): Promise<void>
}

let made = 0
export const freshKey = (): string => `key-${++made}`
