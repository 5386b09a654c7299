import { type AccountsNeeds, memoryAccountsOf } from './accounts.ts'
import { memoryAudit } from './audit.ts'
import { memoryCodes } from './codes.ts'
import { memoryFactors } from './factors.ts'
import { memoryMails } from './mails.ts'
import { memoryNetworks } from './networks.ts'
import { memoryTallies } from './tallies.ts'

/** The ports for codes, mails, known networks, counters, second factors and the audit. */
export const memoryAccounts = (needs: AccountsNeeds) => ({
  accounts: memoryAccountsOf(needs),
  codes: memoryCodes(needs.accounts),
  mails: memoryMails(needs.accounts),
  networks: memoryNetworks(needs.accounts),
  tallies: memoryTallies(needs.accounts),
  factors: memoryFactors(needs.accounts),
  audit: memoryAudit(needs.accounts),
})
