import { storeContract } from '../../src/contracts/store.ts'
import { openMemory } from '../support/memory.ts'

storeContract('memory', openMemory)
