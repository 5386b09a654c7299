import { useStore } from '../../src/client/react.ts'
import { notice } from '../state/notices.ts'
import { classes } from '../ui/classes.ts'
import css from './notices.module.css'

export function Notices() {
  const shown = useStore(notice)
  return (
    <div role="status" className={css.region}>
      {shown && (
        <p key={shown.id} className={classes(css.notice, shown.isFault && css.fault)}>
          {shown.text}
        </p>
      )}
    </div>
  )
}
