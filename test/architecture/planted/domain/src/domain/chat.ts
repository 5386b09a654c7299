import { randomInt } from 'node:crypto'

export const pick = () => randomInt(2)
