export const systemClock = (): number => Date.now()

/** Milliseconds that only go up, whatever happens to the clock on the wall: for measuring how long something took. */
export const stopwatch = (): number => performance.now()

/** Runs something once, about so much later; keeps no process alive. */
export const later = (run: () => void, wait: number): void => void setTimeout(run, wait).unref()
