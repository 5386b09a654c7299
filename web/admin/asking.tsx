import { type ReactNode, useState } from 'react'
import { Confirm, type Question } from '../dialogs/confirm.tsx'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Fault } from '../ui/fault.tsx'

interface AskingProps {
  readonly children: ReactNode
  readonly look?: 'plain' | 'danger'
  /** What is done at once; or what is asked first. */
  readonly run?: () => Promise<unknown>
  readonly question?: Question
}

/** A button with what it leads to: a deed, after a question where there is one; a refusal stands below it. */
export function Asking({ children, look = 'plain', run, question }: AskingProps) {
  const deed = useDeed()
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Button look={look} disabled={deed.isBusy} onClick={() => (run ? void deed.run(run) : setAsked(true))}>
        {children}
      </Button>
      <Fault error={deed.error} />
      {isAsked && question && <Confirm question={question} onClose={() => setAsked(false)} />}
    </>
  )
}
