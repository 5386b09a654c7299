import type { Anonymous, Caller } from '../../application/chat-api.ts'
import type { Counted } from '../../application/ports/limiter.ts'
import type { UserId } from '../../domain/ids.ts'
import { isRefusal, Refusal } from '../../domain/refusal.ts'
import { bearerOf } from '../wire/bearer.ts'
import type { Endpoint } from '../wire/endpoints/endpoint.ts'
import { endpoints } from '../wire/endpoints.ts'
import type { Handlers, Raw } from '../wire/handlers.ts'
import { limits } from '../wire/limits.ts'
import type { OperationId } from '../wire/routes.ts'
import type { Answer } from './answer.ts'
import { accounts } from './handlers/accounts.ts'
import { admin } from './handlers/admin.ts'
import { backends } from './handlers/backends.ts'
import { chats } from './handlers/chats.ts'
import { consent } from './handlers/consent.ts'
import { files } from './handlers/files.ts'
import { groups } from './handlers/groups.ts'
import { hooks } from './handlers/hooks.ts'
import { identity } from './handlers/identity.ts'
import { messages } from './handlers/messages.ts'
import { notices } from './handlers/notices.ts'
import { people } from './handlers/people.ts'
import { reactions } from './handlers/reactions.ts'
import type { RouteOptions } from './options.ts'
import { rateLimits } from './rate-limit.ts'
import { asGiven, type Given, shaped } from './shape.ts'

/** What one call brings, whatever carries it. */
export interface Asked extends Given {
  /** As the header has it. */
  readonly authorization: string
  /** As the header `Act-As` has it. */
  readonly actAs?: string | undefined
  /** Whom the host identifies, where there is no bearer. */
  readonly identified?: (() => Promise<Caller | undefined>) | undefined
  readonly requestId: string
  /** The headers, and the body where the call reads it itself. */
  readonly raw?: Raw
  /** Is called with who asks, when that is known. */
  known(userId: UserId): void
  /** The network address that it comes from. */
  address(): string
  /** Where the request reached the server: scheme and host. */
  readonly base?: string | undefined
  /** As a header has it. */
  readonly idempotencyKey?: string | undefined
}

type Handler = (context: Anonymous | Caller, request: { params: unknown; query: unknown; body: unknown; raw: Raw }) => Promise<Answer>

export type CallOptions = Pick<
  RouteOptions,
  'api' | 'version' | 'guests' | 'passkeys' | 'messageTtl' | 'publicUrl' | 'activity' | 'fileLimit' | 'groupLimit'
>

const handlersOf = ({
  api,
  version,
  guests = false,
  passkeys = false,
  messageTtl = 0,
  publicUrl,
  fileLimit = limits.file_bytes,
  groupLimit = limits.group_members,
}: CallOptions): Handlers<Anonymous, Caller> => ({
  async getService() {
    return {
      status: 200,
      body: {
        name: 'windi-chat',
        version,
        epoch: await api.epoch(),
        limits: { ...limits, file_bytes: fileLimit, group_members: groupLimit },
        guest: guests,
        passkeys,
        keep_s: Math.ceil(messageTtl / 1_000),
      },
    }
  },
  ...identity(api),
  ...accounts(api),
  ...admin(api),
  ...people(api),
  ...chats(api),
  ...consent(api),
  ...messages(api, publicUrl),
  ...backends(api),
  ...files(api, publicUrl),
  ...hooks(api),
  ...notices(api, publicUrl),
  ...groups(api, publicUrl),
  ...reactions(api),
})

/** Answers each call of the table of endpoints, once its address and body were read. Throws what is to be refused. */
export function calls(options: CallOptions): (id: OperationId, asked: Asked) => Promise<Answer> {
  const handlers = handlersOf(options) as unknown as Readonly<Record<OperationId, Handler>>
  return async (id, asked) => {
    const endpoint: Endpoint = endpoints[id]
    const counted: Counted[] = []
    const { requestId, base, idempotencyKey } = asked
    const origin = { address: asked.address(), requestId, base, idempotencyKey, onCounted: (one: Counted) => void counted.push(one) }
    const who = endpoint.open || isSigned(endpoint, asked) ? origin : { ...(await authenticated(asked, options)), ...origin }
    try {
      const answer = await handlers[id](who, { ...shaped(endpoint, asked), raw: asked.raw ?? nothing })
      return counted.length === 0 ? answer : { ...answer, headers: { ...answer.headers, ...rateLimits(counted) } }
    } catch (thrown) {
      if (endpoint.form && isRefusal(thrown, 'invalid')) return invalidForm
      throw asGiven(thrown, asked)
    }
  }
}

/** Whether the address stands in for a token. */
const isSigned = ({ isSigned }: Endpoint, { authorization, querystring }: Asked): boolean =>
  isSigned === true && authorization === '' && new URLSearchParams(querystring).has('s')

const nothing: Raw = {
  bytes: { async *[Symbol.asyncIterator]() {} },
  length: 0,
  header: () => '',
  file: async () => ({ name: undefined, bytes: nothing.bytes, over: async () => {} }),
}

async function authenticated({ authorization, actAs, identified, known }: Asked, { api, activity }: CallOptions): Promise<Caller> {
  const token = bearerOf(authorization)
  const caller = token === undefined ? await identified?.() : await api.authenticate(token, actAs)
  if (!caller) throw new Refusal('unauthenticated')
  known(caller.userId)
  activity?.note(caller)
  return caller
}

export const invalidForm: Answer = {
  status: 400,
  body: { error: 'invalid_request', error_description: 'a field has another form, or is there twice' },
}
