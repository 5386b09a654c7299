import type { Problem } from '../problems.ts'
import type { File } from '../types/content.ts'
import type { Attached } from '../types/sending.ts'
import type { CallOptions, ListOptions, Page, Store } from '../types.ts'

/** A file on its way to the service. */
export interface Upload {
  /** The idempotency key, `client_file_id`. */
  readonly key: string
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** `waiting`: for others, for the network, or for another tab that uploads it. */
  readonly status: 'waiting' | 'uploading' | 'done' | 'failed'
  /** Bytes that the service has acknowledged. */
  readonly sent: number
  /** What is shown of it: as the service has it once it is done. */
  readonly file: File
  /** Why it failed. */
  readonly problem: Problem | undefined
}

/** What is known of a file before the service has seen it. */
export interface Looks {
  readonly kind?: File['kind'] | undefined
  readonly type?: string | undefined
  /** In pixels. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly thumbhash?: string | undefined
}

export interface UploadOptions extends Looks {
  readonly key?: string | undefined
  readonly name?: string | undefined
}

/** Where the bytes of a file can be read without a token. */
export interface Address {
  readonly url: string
  /** Smaller pictures of a picture: at most 1,280 and 320 pixels wide and high. */
  readonly previewUrl: string | undefined
  readonly thumbUrl: string | undefined
  /** Epoch milliseconds of the service. */
  readonly expiresAt: number
}

/** `gone`: the user may not read the file, or it is deleted. */
export type AddressState = { readonly status: 'loading' } | ({ readonly status: 'ready' } & Address) | { readonly status: 'gone' }

/** A file in a chat. */
export interface SharedFile {
  readonly messageId: string
  readonly messageSeq: number
  readonly senderId: string
  readonly file: File
}

/** An upload as it is stored. */
export interface UploadRecord {
  readonly key: string
  readonly name: string
  readonly at: number
  readonly looks: File
  /** Undefined if it is too large to be stored, or uploaded. */
  readonly blob: Blob | undefined
  /** The id of the upload at the service, once it has begun. */
  readonly uploadId: string | undefined
  /** What it has made. */
  readonly file: File | undefined
}

/** Where uploads are stored. Each method resolves when the change is durable. */
export interface UploadStore {
  load(): Promise<readonly UploadRecord[]>
  get(key: string): Promise<UploadRecord | undefined>
  put(record: UploadRecord): Promise<void>
  remove(key: string): Promise<void>
}

/** Opens the uploads of a user. */
export type PersistUploads = (userId: string) => UploadStore | Promise<UploadStore>

export interface FilesOptions {
  /** Default: IndexedDB if the platform has it, else memory. */
  readonly persist?: PersistUploads | undefined
  /** Bytes of a file above which it is not stored: after a reload, it has to be chosen again. Default: 50 MB. */
  readonly storedBytes?: number | undefined
}

/** Uploads and files of a user. */
export interface Files {
  /** By key, in the order in which they were added. */
  readonly uploads: Store<ReadonlyMap<string, Upload>>
  /** Begins to upload. The bytes are stored first. Returns the key. */
  upload(blob: Blob, options?: UploadOptions): string
  /** What to send a message with: `chat.send('', { attachments: [files.attach(key)] })`. The message waits for the upload. */
  attach(key: string, options?: Pick<Attached, 'alt' | 'durationMs' | 'waveform'>): Attached
  /** After `failed`: uploads again. */
  retry(key: string): void
  /** Ends an upload that no message waits for, and deletes what it has made. */
  discard(key: string): void
  /** The bytes of an upload of this run, by its key or by the id of its file. */
  blob(id: string): Blob | undefined
  /** The address of a file, renewed as long as there are listeners. Those asked for together are loaded by one call. */
  address(fileId: string): Store<AddressState>
  /** Loads the address again: it was refused. */
  renew(fileId: string): void
  /** The files of a chat, newest first. */
  ofChat(chatId: string, options?: ListOptions & { readonly kind?: File['kind'] | undefined }): Promise<Page<SharedFile>>
  /** Makes a picture of the user's that of a group; undefined: none. */
  setAvatar(chatId: string, fileId: string | undefined, options?: CallOptions): Promise<void>
  get(fileId: string, options?: CallOptions): Promise<File>
}
