export { createChat, memoryPersist } from '../../../src/client/index.ts'
