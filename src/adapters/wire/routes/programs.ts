import type { Route } from './route.ts'

/** Programs that receive events, and programs that post. */
export const programRoutes = {
  createHook: { method: 'post', path: '/service/hooks' },
  listHooks: { method: 'get', path: '/service/hooks' },
  getHook: { method: 'get', path: '/service/hooks/{hook_id}' },
  updateHook: { method: 'patch', path: '/service/hooks/{hook_id}' },
  deleteHook: { method: 'delete', path: '/service/hooks/{hook_id}' },
  rotateHook: { method: 'post', path: '/service/hooks/{hook_id}/rotate' },
  replayHook: { method: 'post', path: '/service/hooks/{hook_id}/replay' },
  skipHook: { method: 'post', path: '/service/hooks/{hook_id}/skip' },
  listDeadRanges: { method: 'get', path: '/service/hooks/{hook_id}/dead' },
  retryDeadRanges: { method: 'post', path: '/service/hooks/{hook_id}/dead/retry' },
  postToInlet: { method: 'post', path: '/in/{inlet_id}/{secret}' },

  createInlet: { method: 'post', path: '/chats/{chat_id}/inlets' },
  listInlets: { method: 'get', path: '/chats/{chat_id}/inlets' },
  deleteInlet: { method: 'delete', path: '/chats/{chat_id}/inlets/{inlet_id}' },
} as const satisfies Record<string, Route>
