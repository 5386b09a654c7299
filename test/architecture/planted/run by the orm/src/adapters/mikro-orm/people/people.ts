import type { SqlEntityManager } from '@mikro-orm/sqlite'

export const rename = (em: SqlEntityManager, name: string) => em.transactional(async (own) => void own.create('User', { name }))
