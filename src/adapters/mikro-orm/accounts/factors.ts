import type { InferEntity } from '@mikro-orm/core'
import type { Factors } from '../../../application/ports/factors.ts'
import type { Factor, FactorKind } from '../../../domain/factor.ts'
import type { UserId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { placed } from '../database/page.ts'
import { queryOn } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'

const FACTOR = [
  'id',
  'user_id',
  'kind',
  'name',
  'secret',
  'credential_id',
  'counter',
  'created_at',
  'confirmed_at',
  'last_used_at',
] as const
type FactorRow = Readonly<Pick<InferEntity<typeof entities.factors>, (typeof FACTOR)[number]>>

export function mikroOrmFactors(database: Database): Factors {
  const query = queryOn(database)
  const { em, rows, change } = builtOn(database)
  const factors = () => em.createQueryBuilder(entities.factors)
  return {
    add: async (factor) => (await change(factors().insert(rowOf(factor)).onConflict().ignore())) > 0,
    async list(userId) {
      return (await rows(factors().select(FACTOR).where({ user_id: userId }).orderBy({ created_at: 'asc', id: 'asc' }))).map(factorOf)
    },
    async withCredential(credentialId) {
      const [row] = await rows(factors().select(FACTOR).where({ credential_id: credentialId }))
      return row && factorOf(row)
    },
    async confirm(userId, id, at) {
      if (isUuid(id)) await change(factors().update({ confirmed_at: at }).where({ id, user_id: userId }))
    },
    /** By hand: the builder compares no two columns. */
    use: async (id, counter, at) =>
      (await query.change('update {factors} set counter = $2, last_used_at = $3 where id = $1 and (counter < $2 or counter + $2 = 0)', [
        id,
        counter,
        at,
      ])) > 0,
    /** By hand: a mark is compared as it is, whatever the pattern's signs in it. */
    async sealedOtherwise(mark, { after = '', limit }) {
      const text = `select ${FACTOR.join(', ')} from {factors}
        where kind = 'totp' and id > $1 and substr(secret, 1, $2) <> $3 order by id limit $4`
      return (await query(text, [placed(after), mark.length, mark, limit])).map((row) => factorOf(row as unknown as FactorRow))
    },
    async reseal(id, secret) {
      await change(factors().update({ secret }).where({ id }))
    },
    async remove(userId, ids) {
      const mine = ids.filter(isUuid)
      if (mine.length === 0) return 0
      return query.change(`delete from {factors} where user_id = $1 and ${query.among('id', 2)}`, [userId, mine])
    },
  }
}

const rowOf = (factor: Factor): FactorRow => ({
  id: factor.id,
  user_id: factor.userId,
  kind: factor.kind,
  name: factor.name,
  secret: factor.secret,
  credential_id: factor.credentialId ?? null,
  counter: factor.counter,
  created_at: factor.createdAt,
  confirmed_at: factor.confirmedAt ?? null,
  last_used_at: factor.lastUsedAt ?? null,
})

const factorOf = (row: FactorRow): Factor => ({
  id: row.id,
  userId: row.user_id as UserId,
  kind: row.kind as FactorKind,
  name: row.name,
  secret: row.secret,
  credentialId: row.credential_id ?? undefined,
  counter: row.counter,
  createdAt: row.created_at,
  confirmedAt: row.confirmed_at ?? undefined,
  lastUsedAt: row.last_used_at ?? undefined,
})
