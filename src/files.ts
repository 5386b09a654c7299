/** Where the bytes of files are kept, for `embed`. */
export type { Storage } from './application/ports/storage.ts'
export { type FileStorageOptions, fileStorage } from './main/file-storage.ts'
