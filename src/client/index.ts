export type * from './types.ts'
export type { Channel, Platform, SocketLike } from './platform.ts'
