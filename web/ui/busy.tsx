import { LoaderCircle } from 'lucide-react'
import css from './busy.module.css'

/** Something is under way; what it is stands beside it. */
export const Busy = ({ size }: { readonly size: number }) => <LoaderCircle size={size} className={css.turning} aria-hidden="true" />
