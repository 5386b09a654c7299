import { programRoutes as routes } from '../routes/programs.ts'
import { hookInPath, PageQuery } from '../schemas/common.ts'
import * as hooks from '../schemas/hooks.ts'
import type { Endpoint } from './endpoint.ts'

const inHook = { hook_id: hookInPath }
const common = { tag: 'Webhooks' } as const

export const hooksEndpoints = {
  createHook: {
    ...routes.createHook,
    ...common,
    summary: 'Create a webhook',
    description:
      'Every event that it asks for is delivered at least once, in order within each chat. The answer has the secret that signs requests. Needs the scope `hooks`, as all calls of webhooks.',
    body: hooks.NewHook,
    success: { 201: hooks.HookWithSecret },
    problems: ['not-allowed', 'hooks-full'],
  },
  listHooks: {
    ...routes.listHooks,
    ...common,
    summary: 'List webhooks, oldest first',
    query: PageQuery,
    success: { 200: hooks.HookPage },
    problems: ['not-allowed'],
  },
  getHook: {
    ...routes.getHook,
    ...common,
    summary: 'Get a webhook',
    params: inHook,
    success: { 200: hooks.Hook },
    problems: ['not-found', 'not-allowed'],
  },
  updateHook: {
    ...routes.updateHook,
    ...common,
    summary: 'Change a webhook, or switch it on or off',
    params: inHook,
    body: hooks.HookChange,
    success: { 200: hooks.Hook },
    problems: ['not-found', 'not-allowed'],
  },
  deleteHook: {
    ...routes.deleteHook,
    ...common,
    summary: 'Delete a webhook',
    params: inHook,
    success: { 204: null },
    problems: ['not-found', 'not-allowed'],
  },
  rotateHook: {
    ...routes.rotateHook,
    ...common,
    summary: 'Make a new secret; the earlier one signs, too, for 24 hours',
    params: inHook,
    success: { 200: hooks.HookWithSecret },
    problems: ['not-found', 'not-allowed'],
  },
  replayHook: {
    ...routes.replayHook,
    ...common,
    summary: 'Deliver events again, from a time on',
    params: inHook,
    body: hooks.HookReplay,
    success: { 200: hooks.Hook },
    problems: ['not-found', 'chat-not-found', 'not-allowed'],
  },
  skipHook: {
    ...routes.skipHook,
    ...common,
    summary: 'Give up the events of a chat that fail, and go on after them',
    params: inHook,
    body: hooks.HookSkip,
    success: { 200: hooks.Hook },
    problems: ['not-found', 'chat-not-found', 'not-allowed'],
  },
  listDeadRanges: {
    ...routes.listDeadRanges,
    ...common,
    summary: 'List the events that were given up',
    params: inHook,
    query: PageQuery,
    success: { 200: hooks.DeadPage },
    problems: ['not-found', 'not-allowed'],
  },
  retryDeadRanges: {
    ...routes.retryDeadRanges,
    ...common,
    summary: 'Attempt once more what was given up',
    params: inHook,
    success: { 200: hooks.Hook },
    problems: ['not-found', 'not-allowed'],
  },
} as const satisfies Record<string, Endpoint>
