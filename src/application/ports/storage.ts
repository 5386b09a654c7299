import type { Blobs } from './blobs.ts'
import type { Intake } from './intake.ts'
import type { Pictures } from './pictures.ts'
import type { Scan } from './scan.ts'

/** Where the bytes of files are received, looked at and kept. */
export interface Storage {
  readonly intake: Intake
  readonly blobs: Blobs
  /** Without it, no previews are made. */
  readonly pictures?: Pictures | undefined
  readonly scan?: Scan | undefined
  /** Bytes of one file, at most, and of all files of one user. */
  readonly fileLimit: number
  readonly quota: number
  /** Whether readers are sent to the place of the bytes, if it has addresses of its own. */
  readonly redirects: boolean
  /** Makes and checks the signatures of addresses. */
  readonly signatures: Signatures
}

export interface Signatures {
  /** The same text always gets the same signature. */
  sign(text: string): string
  isSigned(text: string, signature: string): boolean
}
