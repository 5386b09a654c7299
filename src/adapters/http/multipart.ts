import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import formidable from 'formidable'
import { invalid } from '../../domain/refusal.ts'
import type { RawFile } from '../wire/handlers.ts'

/**
 * The one file of a form (RFC 7578), as soon as it begins. Other fields are ignored. Nothing is written to the disk: the form is read as
 * fast as the file is.
 */
export function fileOfForm(request: IncomingMessage): Promise<RawFile> {
  return new Promise((resolve, reject) => {
    let bytes: PassThrough | undefined
    let isDouble = false
    const form = formidable({
      maxFileSize: Number.MAX_SAFE_INTEGER,
      maxTotalFileSize: Number.MAX_SAFE_INTEGER,
      maxFieldsSize: FIELDS_BYTES,
      allowEmptyFiles: true,
      minFileSize: 0,
      filter({ name, originalFilename }) {
        const isFile = name === 'file' && originalFilename !== null
        isDouble ||= isFile && bytes !== undefined
        return isFile && bytes === undefined
      },
      fileWriteStreamHandler(file) {
        bytes = new PassThrough({ highWaterMark: 262_144 })
        resolve({ name: (file as unknown as { originalFilename: string | null }).originalFilename ?? undefined, bytes, over: () => whole })
        return bytes
      },
    })
    const whole = form.parse(request).then(
      () => {
        if (!bytes || isDouble) throw invalid('/file', 'is one file')
      },
      (error: Error & { readonly httpCode?: number }) => {
        const refusal = error.httpCode === undefined ? error : invalid('/file', 'is a form as RFC 7578 has it')
        bytes?.destroy(refusal)
        throw refusal
      },
    )
    whole.catch(reject)
  })
}

const FIELDS_BYTES = 65_536
