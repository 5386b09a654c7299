/** Whether anything was committed in the store, by whomever. */
export interface Commits {
  /** Returns a text that is another one once anything was committed; it may be another one although nothing was. Reads no page. */
  stamp(): Promise<string>
}
