import { log } from '../adapters/memory/log.ts'

export const logContract = () => log
