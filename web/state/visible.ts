const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{White_Space}\u2800]*$/u

/** Whether a text, or a name, has a character that can be seen. */
export const isVisible = (text: string): boolean => !UNSEEN.test(text)
