import type { Row, Value } from '../database/connect.ts'
import type { Names } from '../database/drivers.ts'

export interface Statement {
  /** Of a prepared statement: always the same for the same text. */
  readonly name: string
  readonly text: string
  readonly values?: readonly Value[]
}

/** What `pg` lets a query of one's own do: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING */
interface Messages {
  parse(statement: { readonly name: string; readonly text: string }): void
  bind(portal: { readonly statement: string; readonly values: readonly (string | null)[] }): void
  describe(what: { readonly type: 'P'; readonly name: string }): void
  close(what: { readonly type: 'S'; readonly name: string }): void
  execute(): void
  sync(): void
}
interface Field {
  readonly name: string
  readonly dataTypeID: number
}
interface Query {
  submit(messages: Messages): null
  handleRowDescription(message: { readonly fields: readonly Field[] }): void
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}
export interface Wire {
  query(query: Query): unknown
  getTypeParser(type: number, format: 'text'): (text: string) => unknown
}

interface Column {
  readonly name: string
  readonly parse: (text: string) => unknown
}

export interface PreparedStatements {
  /** All in one go, and one `Sync` at the end: Postgres skips what follows an error, and answers in one piece. */
  run(statements: readonly Statement[]): Promise<Row[][]>
}

/** Statements of one connection: each is parsed and described once, with its `{names}` replaced. */
export function preparedStatements(wire: Wire, names: Names = (text) => text): PreparedStatements {
  const columnsOf = new Map<string, readonly Column[]>()
  /** Nobody knows whether Postgres has them: they failed, and have not been run since. What closes them may have been skipped. */
  const unsure = new Set<string>()

  function submit(messages: Messages, statements: readonly Statement[]): void {
    const parsed = new Set<string>()
    for (const { name, text, values = [] } of statements) {
      const isKnown = columnsOf.has(name)
      if (!isKnown && !parsed.has(name)) {
        if (unsure.has(name)) messages.close({ type: 'S', name })
        messages.parse({ name, text: names(text) })
        parsed.add(name)
      }
      messages.bind({ statement: name, values: values.map(written) })
      if (!isKnown) messages.describe({ type: 'P', name: '' })
      messages.execute()
    }
    messages.sync()
  }

  const columnsFor = (fields: readonly Field[]): Column[] =>
    fields.map(({ name, dataTypeID }) => ({ name, parse: wire.getTypeParser(dataTypeID, 'text') }))

  return {
    run: (statements) =>
      new Promise((resolve, reject) => {
        const answers: Row[][] = []
        let rows: Row[] = []
        let columns = columnsOf.get(statements[0]!.name) ?? []
        wire.query({
          submit(messages) {
            submit(messages, statements)
            return null
          },
          handleRowDescription({ fields }) {
            columns = columnsFor(fields)
          },
          handleDataRow({ fields }) {
            rows.push(rowOf(columns, fields))
          },
          handleCommandComplete() {
            const { name } = statements[answers.length]!
            if (!columnsOf.has(name)) columnsOf.set(name, columns)
            unsure.delete(name)
            answers.push(rows)
            rows = []
            columns = columnsOf.get(statements[answers.length]?.name ?? '') ?? []
          },
          handleReadyForQuery() {
            resolve(answers)
          },
          handleError(error) {
            const failed = statements[answers.length]
            if (failed) {
              columnsOf.delete(failed.name)
              unsure.add(failed.name)
            }
            reject(error)
          },
        })
      }),
  }
}

const written = (value: Value): string | null => (value === null ? null : String(value))

function rowOf(columns: readonly Column[], fields: readonly (string | null)[]): Row {
  const row: Record<string, unknown> = {}
  for (let i = 0; i < columns.length; i++) {
    const { name, parse } = columns[i]!
    const field = fields[i]!
    row[name] = field === null ? null : parse(field)
  }
  return row
}
