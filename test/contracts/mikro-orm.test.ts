import { storeContract } from '../../src/contracts/store.ts'
import { databases } from '../support/databases.ts'
import { openBeside, openPostgres, openSqlite } from '../support/mikro-orm.ts'

if (databases.includes('sqlite')) storeContract('sqlite', openSqlite)
if (databases.includes('postgres')) storeContract('postgres', () => openPostgres())
for (const kind of ['sqlite', 'postgres'] as const)
  if (databases.includes(kind)) storeContract(`${kind}, behind names of its own beside a host's tables`, () => openBeside(kind))
