/** The WebSocket adapter, by ws. */
export { type ChatSockets, type ChatSocketsOptions, chatSockets } from './adapters/ws/chat-sockets.ts'
