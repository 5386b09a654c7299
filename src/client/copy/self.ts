/** The user, and whom the user has blocked: what those write does not count as unread. */
export interface Self {
  readonly id: string
  readonly blocked: readonly string[]
}

/** Whether what somebody writes counts as unread. */
export const isCounted = ({ id }: { readonly id: string }, self: Self): boolean => id !== self.id && !self.blocked.includes(id)
