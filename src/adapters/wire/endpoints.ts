import { accountEndpoints } from './endpoints/accounts.ts'
import { adminEndpoints } from './endpoints/admin.ts'
import { backendEndpoints } from './endpoints/backends.ts'
import { chatsEndpoints } from './endpoints/chats.ts'
import { consentEndpoints } from './endpoints/consent.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { filesEndpoints } from './endpoints/files.ts'
import { groupEndpoints } from './endpoints/groups.ts'
import { hooksEndpoints } from './endpoints/hooks.ts'
import { identityEndpoints } from './endpoints/identity.ts'
import { messagesEndpoints } from './endpoints/messages.ts'
import { noticesEndpoints } from './endpoints/notices.ts'
import { orderEndpoints } from './endpoints/order.ts'
import { peopleEndpoints } from './endpoints/people.ts'
import { reactionsEndpoints } from './endpoints/reactions.ts'
import type { OperationId } from './routes.ts'

/** Every call of the HTTP API. Validation, handler types, the OpenAPI document and the client's types are derived from this table. */
export const endpoints = {
  ...identityEndpoints,
  ...accountEndpoints,
  ...peopleEndpoints,
  ...chatsEndpoints,
  ...messagesEndpoints,
  ...orderEndpoints,
  ...groupEndpoints,
  ...consentEndpoints,
  ...adminEndpoints,
  ...backendEndpoints,
  ...filesEndpoints,
  ...hooksEndpoints,
  ...noticesEndpoints,
  ...reactionsEndpoints,
} as const satisfies Record<OperationId, Endpoint>

export type Endpoints = typeof endpoints
export type { Endpoint }
