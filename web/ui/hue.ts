/** Far enough from each other to be told apart. */
const HUES = [15, 50, 95, 140, 175, 215, 250, 285, 320, 345]

/** The colour of a user or a chat, the same everywhere. Ids end in randomness. */
export const hueOf = (id: string): number =>
  HUES[Array.from(id.slice(-8)).reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 3_600, 7) % HUES.length]!
