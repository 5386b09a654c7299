import type { ChatApi } from '../application/chat-api.ts'
import { collect } from '../application/files/collecting.ts'
import { continueUpload } from '../application/files/continue-upload.ts'
import { createUpload } from '../application/files/create-upload.ts'
import { deleteFile } from '../application/files/delete-file.ts'
import { endUpload } from '../application/files/end-upload.ts'
import { getFile } from '../application/files/get-file.ts'
import { getFileContent, getSignedContent } from '../application/files/get-file-content.ts'
import { getFileUrls } from '../application/files/get-file-urls.ts'
import { getUpload } from '../application/files/get-upload.ts'
import { listFiles } from '../application/files/list-files.ts'
import { sweep } from '../application/files/sweeping.ts'
import { uploadFile } from '../application/files/upload-file.ts'
import type { Ports } from '../application/ports/ports.ts'

/** The calls of the API about files. */
export const fileCalls = (ports: Ports) =>
  ({
    uploadFile: uploadFile(ports),
    createUpload: createUpload(ports),
    getUpload: getUpload(ports),
    continueUpload: continueUpload(ports),
    endUpload: endUpload(ports),
    getFile: getFile(ports),
    deleteFile: deleteFile(ports),
    getFileUrls: getFileUrls(ports),
    getFileContent: getFileContent(ports),
    getSignedContent: getSignedContent(ports),
    listFiles: listFiles(ports),
  }) satisfies Partial<ChatApi>

/** What is done for files from time to time. */
export const fileChores = ({ storage, ...ports }: Ports) => ({
  collectFiles: async () => (storage ? collect({ ...ports, storage }) : 0),
  sweepFiles: async () => (storage ? sweep({ ...ports, storage }) : 0),
})
