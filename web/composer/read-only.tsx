import css from './composer.module.css'

/** What stands in place of the composer where nothing can be written: why. */
export const ReadOnly = ({ words }: { readonly words: string }) => (
  <div className={css.instead}>
    <p role="status">{words}</p>
  </div>
)
