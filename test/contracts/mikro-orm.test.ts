import { storeContract } from '../../src/contracts/store.ts'
import { databases } from '../support/databases.ts'
import { openPostgres, openSqlite } from '../support/mikro-orm.ts'

if (databases.includes('sqlite')) storeContract('sqlite', openSqlite)
if (databases.includes('postgres')) storeContract('postgres', () => openPostgres())
