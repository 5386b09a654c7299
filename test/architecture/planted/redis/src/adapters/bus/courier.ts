export const courier = []
