import { port } from '../../main/config.ts'

export const socket = port
