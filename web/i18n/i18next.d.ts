import type { en as admin } from '../admin/words/en.ts'
import type { en } from './en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en & { admin: typeof admin } }
  }
}
