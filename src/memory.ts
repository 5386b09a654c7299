/** A store in memory. Its content is lost when the process ends. */
export { memory, memoryPorts } from './adapters/memory/ports.ts'
export { type MemoryStore, memoryStore } from './adapters/memory/store.ts'
