import type { FileId } from '../../domain/ids.ts'
import type { PrivacyChange } from '../consent/api.ts'
import type { NoticeLevel, Quiet } from '../ports/notices.ts'

/** What a user changes of their own. What is absent stays, also of settings of notifications; `quiet` null: never quiet. */
export interface ProfileChange {
  name?: string | undefined
  username?: string | undefined
  /** A picture of theirs; null: none. */
  avatar?: FileId | null | undefined
  email?: string | undefined
  currentPassword?: string | undefined
  notices?: { level?: NoticeLevel | undefined; quiet?: Quiet | null | undefined; digest?: boolean | undefined } | undefined
  privacy?: PrivacyChange | undefined
}
