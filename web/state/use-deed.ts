import { useState } from 'react'

export interface Deed {
  /** Why it was refused the last time. */
  readonly error: unknown
  readonly isBusy: boolean
  /** Resolves with whether it was done. */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/** Something that is done by a call, such as what a form is for. */
export function useDeed(): Deed {
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  return {
    error,
    isBusy,
    async run(work) {
      setBusy(true)
      setError(undefined)
      try {
        await work()
        return true
      } catch (refused) {
        setError(refused)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
