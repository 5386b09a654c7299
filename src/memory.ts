/** Chats in memory, for as long as a process lives. */
export { memory, memoryPorts } from './adapters/memory/ports.ts'
export { type MemoryStore, memoryStore } from './adapters/memory/store.ts'
