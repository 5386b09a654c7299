import { courier } from '../bus/courier.ts'

export const limiter = courier
