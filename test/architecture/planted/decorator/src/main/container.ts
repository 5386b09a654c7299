@injectable()
export const container = 1
