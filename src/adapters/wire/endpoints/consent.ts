import { consentRoutes as routes } from '../routes/consent.ts'
import { PageQuery, userInPath } from '../schemas/common.ts'
import { UserPage } from '../schemas/people.ts'
import type { Endpoint } from './endpoint.ts'

const ofUser = { user_id: userInPath }

export const consentEndpoints = {
  listBlocks: {
    ...routes.listBlocks,
    tag: 'People',
    summary: 'List the users whom you have blocked, the latest first',
    query: PageQuery,
    success: { 200: UserPage },
    problems: [],
  },
  blockUser: {
    ...routes.blockUser,
    tag: 'People',
    summary: 'Block a user',
    description:
      'Neither of you can write in your private chat or add the other to a group, and neither learns whether the other is online or typing. What the user writes in groups stays there; it does not count as unread, and you do not find it. At most 1,000.',
    params: ofUser,
    success: { 204: null },
    problems: ['user-not-found', 'blocks-full'],
  },
  unblockUser: {
    ...routes.unblockUser,
    tag: 'People',
    summary: 'Unblock a user',
    params: ofUser,
    success: { 204: null },
    problems: [],
  },
} as const satisfies Record<keyof typeof routes, Endpoint>
