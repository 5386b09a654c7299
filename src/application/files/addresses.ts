import type { Instant } from '../../domain/ids.ts'
import type { FileAddress } from '../file-api.ts'
import type { Signatures } from '../ports/storage.ts'

/** All addresses that are made within this time are the same, so that browsers and proxies may keep what they load. */
const SAME_FOR_MS = 600_000

const signed = ({
  fileId,
  variant = 'original',
  expiresAt,
}: Omit<FileAddress, 'signature' | 'variant'> & { variant?: string | undefined }) => `${fileId} ${variant} ${expiresAt}`

/** Whoever has the address may read the file until it expires: between 10 and 20 minutes from now. */
export function addressOf({ sign }: Signatures, what: Pick<FileAddress, 'fileId' | 'variant'>, now: Instant): FileAddress {
  const expiresAt = (Math.floor(now / SAME_FOR_MS) + 2) * SAME_FOR_MS
  return { ...what, expiresAt, signature: sign(signed({ ...what, expiresAt })) }
}

export const isGood = ({ isSigned }: Signatures, address: FileAddress, now: Instant): boolean =>
  now < address.expiresAt && isSigned(signed(address), address.signature)
