import { holder } from '../state/holder.ts'
import { keep, kept, onKept } from '../state/kept.ts'

export const sounds = ['soft', 'bright', 'low', 'none'] as const
export type Sound = (typeof sounds)[number]

const chosen = (): Sound => sounds.find((sound) => sound === kept('sound')) ?? 'soft'
export const sound = holder<Sound>(chosen())
onKept('sound', () => sound.set(chosen()))

export function chooseSound(next: Sound): void {
  keep('sound', next)
  sound.set(next)
  play(next)
}

/** Tones of a sound, one after the other, in hertz. */
const tones: Readonly<Record<Sound, readonly number[]>> = { soft: [660, 880], bright: [1_046, 1_318, 1_568], low: [392, 330], none: [] }
const TONE_S = 0.11
const LOUD = 0.12
/** At most one in so many milliseconds. */
const REST_MS = 2_000

let context: AudioContext | undefined
let playedAt = Number.NEGATIVE_INFINITY

/** Made here, so nothing is loaded. Browsers play nothing before the page was used. */
export function play(which: Sound): void {
  context ??= new AudioContext()
  const begin = context.currentTime + 0.02
  tones[which].forEach((hertz, i) => {
    const [tone, volume] = [context!.createOscillator(), context!.createGain()]
    const at = begin + i * TONE_S
    tone.frequency.value = hertz
    volume.gain.setValueAtTime(0, at)
    volume.gain.linearRampToValueAtTime(LOUD, at + 0.015)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S * 2)
    tone.connect(volume).connect(context!.destination)
    tone.start(at)
    tone.stop(at + TONE_S * 2)
  })
}

/** The chosen sound, unless one was heard just now. Returns whether it was played. */
export function ring(now = performance.now()): boolean {
  if (sound.get() === 'none' || now - playedAt < REST_MS) return false
  playedAt = now
  play(sound.get())
  return true
}
