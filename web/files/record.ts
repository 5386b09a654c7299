export interface Recorded {
  readonly blob: Blob
  readonly name: string
  readonly durationMs: number
  /** How loud it was, 0 to 100. */
  readonly waveform: readonly number[]
}

export interface Recording {
  /** Undefined if nothing was recorded. */
  finish(): Promise<Recorded | undefined>
  cancel(): void
}

const LONGEST_MS = 300_000
const EVERY_MS = 80
/** Levels that a message keeps. */
const KEPT = 64
const TYPES = [
  { type: 'audio/webm;codecs=opus', name: 'voice.webm' },
  { type: 'audio/mp4', name: 'voice.m4a' },
  { type: 'audio/ogg;codecs=opus', name: 'voice.ogg' },
]

export const canRecord = (): boolean => typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined

/** Asks for the microphone and begins. Rejects when there is none, or it is forbidden. `told` hears how loud it is, and how long it lasts. */
export async function record(told: (level: number, ms: number) => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
  const { type = '', name = 'voice.webm' } = TYPES.find((one) => MediaRecorder.isTypeSupported(one.type)) ?? {}
  const recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 32_000 })
  const chunks: Blob[] = []
  const levels: number[] = []
  const listening = loudness(stream)
  const started = performance.now()
  let lasted = 0
  recorder.ondataavailable = ({ data }) => chunks.push(data)
  recorder.start(1_000)
  const timer = setInterval(() => {
    lasted = performance.now() - started
    const level = listening.level()
    levels.push(level)
    told(level, lasted)
    if (lasted >= LONGEST_MS) clearInterval(timer)
    if (lasted >= LONGEST_MS && recorder.state === 'recording') recorder.pause()
  }, EVERY_MS)

  function end() {
    clearInterval(timer)
    listening.close()
    for (const track of stream.getTracks()) track.stop()
  }
  return {
    finish: () =>
      new Promise((resolve) => {
        lasted = Math.min(LONGEST_MS, performance.now() - started)
        recorder.onstop = () => {
          end()
          const blob = new Blob(chunks, { type: type.split(';')[0] ?? '' })
          resolve(blob.size === 0 ? undefined : { blob, name, durationMs: Math.round(lasted), waveform: spread(levels, KEPT) })
        }
        if (recorder.state === 'inactive') recorder.onstop(new Event('stop'))
        else recorder.stop()
      }),
    cancel() {
      end()
      if (recorder.state !== 'inactive') recorder.stop()
    },
  }
}

function loudness(stream: MediaStream) {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1_024
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return {
    level() {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      // From silence at -50 decibels.
      return Math.round(Math.max(0, Math.min(100, 100 + 40 * Math.log10(Math.sqrt(power) + 1e-6))))
    },
    close: () => void context.close(),
  }
}

/** So many levels out of any number, each the loudest of its part. */
export function spread(levels: readonly number[], count: number): readonly number[] {
  if (levels.length <= count) return levels
  return Array.from({ length: count }, (_, i) => {
    const part = levels.slice(Math.floor((i * levels.length) / count), Math.floor(((i + 1) * levels.length) / count))
    return Math.max(...part)
  })
}
