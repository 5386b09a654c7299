import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { Upload } from '../../../domain/filing.ts'
import type { Handlers } from '../../wire/handlers.ts'
import { presentFile, presentFileUrls, presentSharedFile } from '../../wire/present/files.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { windowOf } from '../../wire/windows.ts'
import { served } from '../content.ts'
import { addressIn } from '../links.ts'
import { lengthIn, metadataIn, offsetIn, requireOffsetStream, VERSION } from '../tus.ts'

export const files = (api: ChatApi, publicUrl: string | undefined) =>
  ({
    async uploadFile(caller, { query, raw }) {
      const { name, bytes, over } = await raw.file()
      const command = {
        name: query.name ?? name ?? '',
        clientFileId: query.client_file_id,
        length: name === undefined ? raw.length : undefined,
        bytes,
      }
      const { file, replayed } = await api.uploadFile(caller, command)
      await over()
      return { status: replayed ? 200 : 201, body: presentFile(file) }
    },
    async getFile(caller, { params }) {
      return { status: 200, body: presentFile(await api.getFile(caller, params.file_id)) }
    },
    async deleteFile(caller, { params }) {
      await api.deleteFile(caller, params.file_id)
      return { status: 204 }
    },
    async getFileUrls(caller, { body }) {
      const all = await api.getFileUrls(caller, body.file_ids)
      return { status: 200, body: { items: all.map((urls) => presentFileUrls(urls, publicUrl ?? '')) } }
    },
    async getFileContent(who, { params: { file_id: fileId }, query, raw }) {
      const { v: variant, e: expiresAt, s: signature } = query
      const content =
        'userId' in who
          ? await api.getFileContent(who, { fileId, variant })
          : await api.getSignedContent(who, { fileId, variant, expiresAt: expiresAt ?? 0, signature: signature ?? '' })
      const [range, ifRange, ifNoneMatch] = ['Range', 'If-Range', 'If-None-Match'].map(raw.header) as [string, string, string]
      return served(content, { range, ifRange, ifNoneMatch }) as never
    },
    async listFiles(caller, { params: { chat_id: chatId }, query }) {
      const filters = { chat_id: chatId, kind: query.kind }
      const found = await api.listFiles(caller, { chatId, kind: query.kind }, windowOf('listFiles', filters, query))
      return { status: 200, body: presentPage(found, { list: 'listFiles', filters }, presentSharedFile) }
    },
    async createUpload(caller, { raw }) {
      const upload = await api.createUpload(caller, { length: lengthIn(raw), ...metadataIn(raw) })
      return { status: 201, headers: { Location: addressIn(publicUrl, `/uploads/${upload.id}`), ...standing(upload) } }
    },
    async getUpload(caller, { params }) {
      const upload = await api.getUpload(caller, params.upload_id)
      return { status: 200, headers: { ...standing(upload), 'Upload-Length': String(upload.length) } }
    },
    async continueUpload(caller, { params, raw }) {
      requireOffsetStream(raw)
      const command = { uploadId: params.upload_id, offset: offsetIn(raw), bytes: raw.bytes }
      return { status: 204, headers: standing(await api.continueUpload(caller, command)) }
    },
    async endUpload(caller, { params }) {
      await api.endUpload(caller, params.upload_id)
      return { status: 204, headers: { 'Tus-Resumable': VERSION } }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

const standing = ({ received, expiresAt }: Upload) => ({
  'Upload-Offset': String(received),
  'Upload-Expires': new Date(expiresAt).toUTCString(),
  'Tus-Resumable': VERSION,
})
