/** The first line of a dump says `{ windi_chat: DUMP_FORMAT, rows: { table: count } }`; every other is `{ table, row }`. */
export const DUMP_FORMAT = 1

export const isZipped = (file: string): boolean => file.endsWith('.gz')
