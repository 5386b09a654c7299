import { chat } from './chat.ts'

export const member = () => chat
