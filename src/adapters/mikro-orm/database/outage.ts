/** Why a database cannot do what it is asked, when that is nobody's mistake. `writing`: it can be read and not written. */
export type Outage = 'away' | 'slow' | 'writing'

/** Codes of Postgres (appendix A of its manual), of SQLite, and of Node's sockets, by the beginning that they share. */
const outages: Readonly<Record<Outage, RegExp>> = {
  away: /^(08...|57P0[1-5]|53300|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|SQLITE_CANTOPEN\w*)$/,
  slow: /^(57014|55P03|53[0247]00|SQLITE_BUSY\w*|SQLITE_LOCKED\w*)$/,
  writing: /^(53100|58030|25006|SQLITE_(FULL|READONLY|IOERR)\w*|ENOSPC|EROFS|EDQUOT|EIO)$/,
}
/** `pg` gives these no code. */
const LOST = /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Query read timeout/

/** Which outage an error is, or the error that caused it; undefined for a defect. */
export function outageOf(error: unknown): Outage | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, message, cause } = error as Error & { readonly code?: unknown }
  const kinds = Object.keys(outages) as Outage[]
  const known = typeof code === 'string' ? kinds.find((kind) => outages[kind].test(code)) : undefined
  return known ?? (LOST.test(message) ? 'away' : outageOf(cause))
}
