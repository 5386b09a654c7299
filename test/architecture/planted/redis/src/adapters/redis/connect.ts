import { courier } from '../bus/courier.ts'

export const connect = courier
