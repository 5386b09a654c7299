/** Something that the operator has to mend: told without a stack. */
export const complaint = (message: string, options?: ErrorOptions): Error =>
  Object.assign(new Error(message, options), { isComplaint: true })

export const isComplaint = (error: unknown): error is Error => (error as { isComplaint?: boolean } | undefined)?.isComplaint === true
