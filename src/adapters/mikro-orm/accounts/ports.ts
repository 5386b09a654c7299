import type { Database } from '../database/connect.ts'
import { mikroOrmAccountsOf } from './accounts.ts'
import { mikroOrmAudit } from './audit.ts'
import { mikroOrmCodes } from './codes.ts'
import { mikroOrmFactors } from './factors.ts'
import { mikroOrmMails } from './mails.ts'
import { mikroOrmNetworks } from './networks.ts'
import { mikroOrmTallies } from './tallies.ts'

/** The ports for codes, mails, known networks, counters, second factors and the audit. */
export const mikroOrmAccounts = (database: Database) => ({
  accounts: mikroOrmAccountsOf(database),
  codes: mikroOrmCodes(database),
  mails: mikroOrmMails(database),
  networks: mikroOrmNetworks(database),
  tallies: mikroOrmTallies(database),
  factors: mikroOrmFactors(database),
  audit: mikroOrmAudit(database),
})
