import type { Networks } from '../../../application/ports/networks.ts'
import type { UserId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database } from '../database/connect.ts'
import { entities } from '../database/schema.ts'

export function mikroOrmNetworks(database: Database): Networks {
  const { em, rows, change } = builtOn(database)
  const networks = () => em.createQueryBuilder(entities.known_networks)
  const of = (userId: UserId) => ({ user_id: userId })
  return {
    async note(userId, network, at) {
      const known = { ...of(userId), network }
      const changed = await change(networks().update({ last_at: at }).where(known))
      if (changed > 0) return 'known'
      const others = await rows(networks().select('network').where(of(userId)).limit(1))
      await change(
        networks()
          .insert({ ...known, last_at: at })
          .onConflict(['user_id', 'network'])
          .ignore(),
      )
      return others.length > 0 ? 'new' : 'first'
    },
    async isKnown(userId, network, since) {
      const found = networks()
        .select('network')
        .where({ ...of(userId), network, last_at: { $gte: since } })
      return (await rows(found)).length > 0
    },
    forget: (before) => change(networks().delete({ last_at: { $lt: before } })),
  }
}
