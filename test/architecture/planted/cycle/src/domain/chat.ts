import { member } from './member.ts'

export const chat = () => member
