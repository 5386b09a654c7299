import { accountsContract } from '../../src/contracts/accounts.ts'
import { databases } from '../support/databases.ts'
import { openStore } from '../support/stores.ts'

for (const kind of databases) accountsContract(kind, () => openStore(kind))
