/** How often this run tries a law that `npm test` tries so many times: `WINDI_TRIES` is the share, and so many are never too many. */
export const tries = (times: number, atLeast = 10): number =>
  Math.min(times, Math.max(atLeast, Math.round(times * Number(process.env.WINDI_TRIES ?? 1))))
