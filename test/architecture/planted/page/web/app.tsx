import { chat } from '../src/domain/chat.ts'

export const app = chat
