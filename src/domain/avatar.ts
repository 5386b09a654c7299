import type { FileId } from './ids.ts'

const OWN = 'file:'

/** A user's picture is an address elsewhere, or a file of theirs: kept in one place as `file:` and its id. */
export const avatarOfFile = (fileId: FileId): string => OWN + fileId

/** The file that is a user's picture; undefined if it is elsewhere, or there is none. */
export const fileOfAvatar = (avatar: string | undefined): FileId | undefined =>
  avatar?.startsWith(OWN) ? (avatar.slice(OWN.length) as FileId) : undefined
