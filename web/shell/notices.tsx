import { X } from 'lucide-react'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { close, hold, type Toast, toasts } from '../state/notices.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import css from './notices.module.css'

export function Notices() {
  const shown = useStore(toasts)
  return (
    <div
      className={css.region}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <div role="status" className={css.list}>
        {shown.map((toast) => !toast.isFault && <Shown key={toast.id} toast={toast} />)}
      </div>
      <div role="alert" className={css.list}>
        {shown.map((toast) => toast.isFault && <Shown key={toast.id} toast={toast} />)}
      </div>
    </div>
  )
}

function Shown({ toast: { id, text, isFault, undo } }: { readonly toast: Toast }) {
  const { t } = useTranslation()
  return (
    <div className={classes(css.notice, isFault && css.fault)}>
      <span className={css.text}>{text}</span>
      {undo && (
        <Button className={css.undo} onClick={() => close(id, true)}>
          {t('common.undo')}
        </Button>
      )}
      {isFault && (
        <IconButton label={t('common.close')} className={css.close} onClick={() => close(id)}>
          <X size={16} />
        </IconButton>
      )}
    </div>
  )
}
