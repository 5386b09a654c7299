/** Earlier dumps are read, too: columns and tables that they do not have are empty. The first line of a dump says `{ windi_chat: DUMP_FORMAT, rows: { table: count } }`; every other is `{ table, row }`. */
export const DUMP_FORMAT = 2

export const isZipped = (file: string): boolean => file.endsWith('.gz')
