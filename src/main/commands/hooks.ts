import { presentDeadRange, presentHook } from '../../adapters/wire/present/hooks.ts'
import { presentPage } from '../../adapters/wire/present/pages.ts'
import { presentTime } from '../../adapters/wire/present/time.ts'
import { windowOf } from '../../adapters/wire/windows.ts'
import type { Hook } from '../../application/hooks/api.ts'
import type { ChatId } from '../../domain/ids.ts'
import { complaint } from '../complaint.ts'
import type { Opened } from '../container.ts'
import { listed } from '../settings/setting.ts'
import type { Context } from './context.ts'
import { wholeNumber } from './context.ts'
import { OPERATOR, type PageOptions, pageAsked, pageText, withApplication } from './operator.ts'

interface NewHookOptions {
  readonly types?: string
  readonly chats?: string
  readonly from?: string
  readonly batch?: string
}

const BATCH_MAX = 100

export const listHooks = ({ config, terminal }: Context, options: PageOptions): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const page = await api.listHooks(OPERATOR, windowOf('listHooks', {}, pageAsked(options)))
    const answer = presentPage(page, { list: 'listHooks', filters: {} }, presentHook)
    terminal.answer(answer, pageText(page.items.map(line), answer.next, 'There are no webhooks.'))
  })

export const createHook = ({ config, terminal }: Context, options: NewHookOptions, url: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const { hook, secret } = await api.createHook(OPERATOR, {
      url,
      types: options.types === undefined ? undefined : listed(options.types),
      chatIds: options.chats === undefined ? undefined : (listed(options.chats) as ChatId[]),
      from: options.from === undefined ? undefined : timeOf(options.from),
      batch: wholeNumber('--batch', options.batch, BATCH_MAX, 1) ?? 1,
    })
    terminal.answer({ ...presentHook(hook), secret }, `${secret}\n\nThis secret is shown once. The id of the webhook is ${hook.id}.`)
  })

/** A command about one webhook that answers what became of it. */
const aboutHook =
  <O extends object>(act: (api: Opened['api'], hookId: string, options: O) => Promise<Hook>) =>
  ({ config, terminal }: Context, options: O, id: string): Promise<void> =>
    withApplication({ config, terminal }, async ({ api }) => {
      const hook = await act(api, id, options)
      terminal.answer(presentHook(hook), line(hook))
    })

export const showHook = aboutHook((api, id) => api.getHook(OPERATOR, id))
export const enableHook = aboutHook((api, hookId) => api.updateHook(OPERATOR, { hookId, isEnabled: true }))
export const disableHook = aboutHook((api, hookId) => api.updateHook(OPERATOR, { hookId, isEnabled: false }))
export const replayHook = aboutHook<{ readonly from: string; readonly chat?: string }>((api, hookId, { from, chat }) =>
  api.replayHook(OPERATOR, { hookId, from: timeOf(from), chatId: chat as ChatId | undefined }),
)
export const skipHook = aboutHook<{ readonly chat: string }>((api, hookId, { chat }) =>
  api.skipHook(OPERATOR, { hookId, chatId: chat as ChatId }),
)
export const retryHook = aboutHook((api, hookId) => api.retryDeadRanges(OPERATOR, hookId))

export const rotateHook = ({ config, terminal }: Context, _options: object, id: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const { hook, secret } = await api.rotateHook(OPERATOR, id)
    terminal.answer({ ...presentHook(hook), secret }, `${secret}\n\nThis secret is shown once. The earlier one signs, too, for 24 hours.`)
  })

export const deleteHook = ({ config, terminal }: Context, _options: object, id: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    await api.deleteHook(OPERATOR, id)
    terminal.answer({ id, deleted: true }, `The webhook ${id} is deleted.`)
  })

export const listDead = ({ config, terminal }: Context, options: PageOptions, id: string): Promise<void> =>
  withApplication({ config, terminal }, async ({ api }) => {
    const filters = { hook_id: id }
    const page = await api.listDeadRanges(OPERATOR, id, windowOf('listDeadRanges', filters, pageAsked(options)))
    const answer = presentPage(page, { list: 'listDeadRanges', filters }, presentDeadRange)
    const lines = page.items.map(({ chatId, from, to, at, error }) => `${chatId}  ${from}-${to}  ${presentTime(at)}  ${error ?? ''}`)
    terminal.answer(answer, pageText(lines, answer.next, 'Nothing was given up.'))
  })

const line = ({ id, url, state, behind, lastError }: Hook) =>
  `${id}  ${url}  ${state}  ${behind} behind${lastError === undefined ? '' : `  last error: ${lastError}`}`

function timeOf(text: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw complaint(`--from is a time such as 2027-01-31T09:30:00Z, not ${JSON.stringify(text)}`)
  return time
}
