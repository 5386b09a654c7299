import type { ReactNode } from 'react'
import css from './hidden.module.css'

/** For ears only. */
export const Hidden = ({ children }: { readonly children: ReactNode }) => <span className={css.hidden}>{children}</span>
