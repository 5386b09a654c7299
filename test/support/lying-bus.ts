import type { Bus } from '../../src/application/ports/bus.ts'

const LOST = 0.1
const REPEATED = 0.2
const LATE = 0.3
const LATEST_MS = 1_500

/** The same bus, but what it brings is sometimes lost, sometimes there twice, and overtaken by what was said later. */
export const lyingBus = (bus: Bus, random: () => number): Bus => ({
  ...bus,
  listen(listener) {
    bus.listen((topic, notice) => {
      const copies = random() < LOST ? 0 : random() < REPEATED ? 2 : 1
      for (let i = 0; i < copies; i++)
        if (random() < LATE) setTimeout(() => listener(topic, notice), random() * LATEST_MS)
        else listener(topic, notice)
    })
  },
})
