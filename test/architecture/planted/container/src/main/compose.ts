import { container } from 'tsyringe'

export const resolve = container
