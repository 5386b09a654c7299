import type { FileKind } from '../domain/file.ts'
import type { StoredFile, Upload } from '../domain/filing.ts'
import type { ChatId, Duration, FileId, Instant } from '../domain/ids.ts'
import type { ByteRange, Serving, Variant } from './ports/blobs.ts'
import type { SharedFile, SharedFilePosition } from './ports/files.ts'
import type { Bytes } from './ports/intake.ts'
import type { Page, Window } from './ports/lists.ts'

/** An address at which anybody may read a file until it expires. It is signed as a whole. */
export interface FileAddress {
  readonly fileId: FileId
  readonly variant: Variant | undefined
  readonly expiresAt: Instant
  readonly signature: string
}

/** The addresses of a file. */
export interface FileUrls {
  readonly fileId: FileId
  readonly content: FileAddress
  readonly preview: FileAddress | undefined
  readonly thumb: FileAddress | undefined
}

/** A file that may be read, and how. */
export interface FileContent {
  readonly file: StoredFile
  readonly variant: Variant | undefined
  /** How long the address lasts by which it is read. */
  readonly lasts: Duration | undefined
  open(range?: ByteRange): Promise<Bytes | undefined>
  /** Where readers are to be sent instead. */
  readonly address: ((serving: Omit<Serving, 'variant'>) => Promise<string>) | undefined
}

/** What can be done with files. */
export interface FileApi<Caller, Anonymous> {
  /** Stores a file, or returns the one that its key has already: then the bytes are the same, or it refuses. `length` is what is announced. */
  uploadFile(
    caller: Caller,
    command: { name: string; clientFileId?: string | undefined; length?: number | undefined; bytes: Bytes },
  ): Promise<{ readonly file: StoredFile; readonly replayed: boolean }>
  createUpload(caller: Caller, command: { name: string; clientFileId?: string | undefined; length: number }): Promise<Upload>
  getUpload(caller: Caller, uploadId: FileId): Promise<Upload>
  /** Adds bytes to an upload that stands at `offset`. With the last ones it becomes a file of the same id. */
  continueUpload(caller: Caller, command: { uploadId: FileId; offset: number; bytes: Bytes }): Promise<Upload>
  endUpload(caller: Caller, uploadId: FileId): Promise<void>
  getFile(caller: Caller, fileId: FileId): Promise<StoredFile>
  deleteFile(caller: Caller, fileId: FileId): Promise<void>
  /** The addresses of those of these files that the caller may read. */
  getFileUrls(caller: Caller, fileIds: readonly FileId[]): Promise<readonly FileUrls[]>
  getFileContent(caller: Caller, command: { fileId: FileId; variant?: Variant | undefined }): Promise<FileContent>
  getSignedContent(anonymous: Anonymous, address: FileAddress): Promise<FileContent>
  listFiles(
    caller: Caller,
    command: { chatId: ChatId; kind?: FileKind | undefined },
    window: Window<SharedFilePosition>,
  ): Promise<Page<SharedFile, SharedFilePosition>>
}
