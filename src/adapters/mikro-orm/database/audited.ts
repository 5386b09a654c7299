import type { Deed } from '../../../domain/deed.ts'
import { builtOn } from './built.ts'
import type { Database } from './connect.ts'
import { deedCells } from './deeds.ts'
import { entities } from './schema.ts'
import { type InTransaction, togetherOn } from './together.ts'

/** Runs statements in one transaction, with the row of the audit that tells of them if there is a deed: see `togetherOn`. */
export function auditedOn(database: Database): (statements: readonly InTransaction[], deed: Deed | undefined) => Promise<number> {
  const together = togetherOn(database)
  const { em } = builtOn(database)
  const telling = (deed: Deed) => em.createQueryBuilder(entities.audit).insert(deedCells(deed) as never)
  return (statements, deed) => together(deed ? [...statements, telling(deed)] : statements)
}
