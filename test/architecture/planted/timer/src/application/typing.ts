export const later = (run: () => void) => setTimeout(run, 6_000)
