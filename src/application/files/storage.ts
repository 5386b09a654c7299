import { Refusal } from '../../domain/refusal.ts'
import type { Ports } from '../ports/ports.ts'
import type { Storage } from '../ports/storage.ts'

/** Refuses with `not-found` where files are switched off. */
export function storageOf({ storage }: Pick<Ports, 'storage'>): Storage {
  if (!storage) throw new Refusal('not-found')
  return storage
}
