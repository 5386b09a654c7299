import { z } from 'zod'
import { noted, Time, Uuid } from './common.ts'

/** A file never changes. */
export const File = z.object({
  id: Uuid,
  name: noted(z.string(), 'The last part of a path, 1 to 255 characters.', 'harbour.jpg'),
  size: noted(z.int().min(0), 'In bytes.'),
  type: noted(z.string(), 'The media type found in the bytes, else `application/octet-stream`.', 'image/jpeg'),
  kind: noted(z.enum(['image', 'video', 'audio', 'file']), 'How to show it. Clients may show every kind as `file`.'),
  width: noted(z.int().min(1).nullable(), 'Pixels as shown, for pictures and videos if known.'),
  height: z.int().min(1).nullable(),
  thumbhash: noted(z.string().nullable(), 'A tiny picture to show until the file is loaded, in Base64 (evanw/thumbhash).'),
  created_at: Time,
})
export type File = z.infer<typeof File>
