import type { FileKind } from '../../domain/file.ts'
import type { StoredFile, Upload } from '../../domain/filing.ts'
import type { ChatId, FileId, Instant, MessageId, Seq, UserId } from '../../domain/ids.ts'
import type { Page, Window } from './lists.ts'

/** A file of a chat, and the message that has it. */
export interface SharedFile {
  readonly messageId: MessageId
  readonly messageSeq: Seq
  readonly senderId: UserId
  readonly file: StoredFile
}

/** Newest first. */
export interface SharedFilePosition {
  readonly seq: Seq
  /** The place of the file in its message. */
  readonly place: number
}

/** What is known of files and uploads. The links between messages and files are written by the log, with the messages. */
export interface Files {
  /**
   * Says that these bytes are about to be stored, so that nobody removes them for a day. False while somebody is removing them: then they
   * are stored a little later.
   */
  claim(bytes: { readonly sha256: string; readonly size: number }, at: Instant): Promise<boolean>
  /**
   * Adds a file whose bytes were claimed and stored. `quota` is what the owner's files and open uploads may have together in bytes. Its own
   * upload, if it came by one, is not counted. Returns what it is refused for; the file that has its id or its key already; or itself.
   */
  add(file: StoredFile, quota: number): Promise<StoredFile | 'quota-full' | 'unclaimed' | 'no-owner'>
  get(id: FileId): Promise<StoredFile | undefined>
  byKey(ownerId: UserId, clientFileId: string): Promise<StoredFile | undefined>
  /** Those of these files that a user may read: their own, and those that a message of a present chat of theirs has. */
  visible(viewer: UserId, ids: readonly FileId[]): Promise<readonly StoredFile[]>
  /** The files of a chat's messages, newest first. */
  ofChat(
    chatId: ChatId,
    filter: { readonly kind?: FileKind | undefined },
    window: Window<SharedFilePosition>,
  ): Promise<Page<SharedFile, SharedFilePosition>>
  /** Removes a file that no message has. */
  remove(ownerId: UserId, id: FileId, at: Instant): Promise<'removed' | 'in-use' | 'absent'>

  /** Begins an upload, or returns the one that has its key. */
  beginUpload(upload: Upload, quota: number): Promise<Upload | 'quota-full' | 'no-owner'>
  upload(id: FileId): Promise<Upload | undefined>
  /** Adds a piece to an upload that stands at `offset`. False if it stands elsewhere or is gone. */
  advance(id: FileId, piece: { readonly offset: number; readonly name: string; readonly size: number }): Promise<boolean>
  endUpload(id: FileId): Promise<void>
  /** The pieces of an upload are no longer needed. */
  forgetPieces(id: FileId): Promise<void>

  /** Uploads that expired before this time. */
  expired(before: Instant, limit: number): Promise<readonly Upload[]>
  /** Deletes files that no message has had since `before` and returns how many; their bytes are unused from `at` on. */
  collect(before: Instant, at: Instant, limit: number): Promise<number>
  /** Marks bytes that no file has had since `before` as being removed, and returns their digests: also those that a crashed process left. */
  release(before: Instant, at: Instant, limit: number): Promise<readonly string[]>
  /** The bytes were removed. */
  released(sha256: string): Promise<void>
  /** Of these digests, marks those that are not known as being removed, and returns them. */
  seize(digests: readonly string[], at: Instant): Promise<readonly string[]>
  /** Known digests above `after` that a file has, ascending, at most `limit`. */
  digests(after: string, limit: number): Promise<readonly string[]>
  /** Finds loose files that nobody has noted as such, and those noted that are not, and returns how many it mended. */
  mend(at: Instant): Promise<number>
  /** Removes what a user who is being erased has uploaded and nobody has in a message. Returns their open uploads, which end when their pieces are gone. */
  eraseOwner(ownerId: UserId, at: Instant): Promise<readonly Upload[]>
}
