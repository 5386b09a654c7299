import { fullTime, timeAgo } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNow } from '../state/use-now.ts'

/** How long ago something was; when exactly, on a longer look. */
export function When({ at }: { readonly at: number }) {
  const { i18n } = useTranslation()
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(i18n.language, at)}>
      {timeAgo(i18n.language, at, now)}
    </time>
  )
}
