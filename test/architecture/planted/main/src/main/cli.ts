import { chat } from '../index.ts'

export const cli = chat
