import type { Anonymous, Caller, ChatApi } from '../../../application/chat-api.ts'
import type { ExportedRow } from '../../../application/ports/exports.ts'
import type { Handlers, RequestOf } from '../../wire/handlers.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { presentUser } from '../../wire/present/people.ts'
import { presentReport } from '../../wire/present/reports.ts'
import { presentTime } from '../../wire/present/time.ts'
import { windowOf } from '../../wire/windows.ts'
import { admin } from './admin.ts'

const PIECE = 64 * 1_024

/** One line of JSON for each row, some of them together. */
async function* written(rows: AsyncIterable<ExportedRow>): AsyncIterable<Uint8Array> {
  let piece = ''
  for await (const row of rows) {
    piece += `${JSON.stringify(row)}\n`
    if (piece.length < PIECE) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}
const HEADERS = {
  'Content-Type': 'application/x-ndjson',
  'Content-Disposition': 'attachment; filename="export.jsonl"',
  'Cache-Control': 'no-store',
}
const lines = (rows: AsyncIterable<ExportedRow>) => ({ status: 200, headers: HEADERS, open: async () => written(rows) }) as never

export const consent = (api: ChatApi) => {
  async function listReports(caller: Caller, { query }: Pick<RequestOf<'listReports'>, 'query'>) {
    const filters = { state: query.state }
    const page = await api.listReports(caller, filters, windowOf('listReports', filters, query))
    return { status: 200 as const, body: presentPage(page, { list: 'listReports', filters }, presentReport) }
  }
  async function resolveReport(caller: Caller, { params, body }: Pick<RequestOf<'resolveReport'>, 'params' | 'body'>) {
    return { status: 200 as const, body: presentReport(await api.resolveReport(caller, { reportId: params.report_id, ...body })) }
  }
  return {
    listReports,
    resolveReport,
    listReportsAsStaff: listReports,
    resolveReportAsStaff: resolveReport,
    listServiceDeeds: (caller, request) => admin(api).listDeeds(caller, { ...request, params: undefined, body: undefined }),
    exportMe: async (caller) => lines(await api.exportMe(caller)),
    exportAccount: async (caller, { params }) => lines(await api.exportAccount(caller, params.user_id)),
    async reportMessage(caller, { params, body }) {
      const { id, at } = await api.reportMessage(caller, { chatId: params.chat_id, messageId: params.message_id, ...body })
      return { status: 201, body: { id, created_at: presentTime(at) } }
    },
    async listBlocks(caller, { query }) {
      const page = await api.listBlocks(caller, windowOf('listBlocks', {}, query))
      return { status: 200, body: presentPage(page, { list: 'listBlocks', filters: {} }, presentUser) }
    },
    async blockUser(caller, { params }) {
      await api.blockUser(caller, params.user_id)
      return { status: 204 }
    },
    async unblockUser(caller, { params }) {
      await api.unblockUser(caller, params.user_id)
      return { status: 204 }
    },
  } satisfies Partial<Handlers<Anonymous, Caller>>
}
