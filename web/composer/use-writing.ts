import { type Dispatch, type SetStateAction, useState } from 'react'
import { type Chat, type MessageEdit, type Row, TEXT_LIMIT, textLength } from '../../src/client/index.ts'
import type { Recorded } from '../files/record.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { type DraftFile, draftOf, forgetDraft, keepDraft, useDraft, useUserId } from '../state/drafts.ts'
import { tell } from '../state/notices.ts'
import { errorText, problemText } from '../state/problem-text.ts'
import { isVisible } from '../state/visible.ts'
import { afterChange, type DraftMention, draftMentions, sentMentions } from './mentions.ts'
import type { Mode } from './mode.ts'
import { useDraftFiles } from './use-draft-files.ts'

interface Writing {
  readonly chat: Chat
  /** The message whose text is being changed. */
  readonly edited: Row | undefined
  readonly onEdit: Dispatch<SetStateAction<Row | undefined>>
  readonly onSent: () => void
}

/** What is being written in a chat: kept as a draft, then sent or saved. What is not sent or saved stays. */
export function useWriting({ chat, edited, onEdit, onSent }: Writing) {
  const { t } = useTranslation()
  const userId = useUserId()
  const id = edited?.id ?? chat.id
  const draft = useDraft(id)
  const text = draft?.text ?? edited?.text ?? ''
  const mentions = draft?.mentions ?? (edited ? draftMentions(edited.text ?? '', edited.mentions) : [])
  const { isSaving, save } = useSaving({ chat, edited, onEdit })
  const left = TEXT_LIMIT - textLength(text)
  const isUnseen = text.trim() !== '' && !isVisible(text)
  const files = useDraftFiles(edited ? undefined : draft)
  /** A text may be missing where there are files. */
  const needsText = files.all.length === 0 && (edited?.attachments ?? []).length === 0
  const content = () => ({ format: 'markdown', mentions: sentMentions(text, mentions) }) as const

  function write(next: string, named: readonly DraftMention[] = afterChange(text, next, mentions)) {
    // The emptied text of an edit is another one than the message has.
    if (next === '' && !edited && draft?.replyTo === undefined && files.all.length === 0) forgetDraft(userId, id)
    else keepDraft(userId, id, { ...draft, text: next, mentions: named })
    if (!edited) chat.setTyping(next.trim() !== '')
  }

  function send() {
    const attachments = files.attachments()
    const sent = chat.send(text, { ...content(), replyTo: draft?.replyTo, ...(attachments.length > 0 && { attachments }) }).get()
    if (sent.status === 'failed') return tell(`${t('message.state.failed')}. ${problemText(sent.problem)}`, { isFault: true })
    forgetDraft(userId, id)
    chat.setTyping(false)
    onSent()
  }

  /** A voice message goes by itself; what is written beside it stays. */
  function sendVoice(recorded: Recorded) {
    chat.send('', { attachments: [files.voice(recorded)], replyTo: draft?.replyTo })
    leave()
    onSent()
  }

  /** No reply and no edit any more. */
  function leave() {
    if (!edited)
      return text === '' && files.all.length === 0 ? forgetDraft(userId, id) : keepDraft(userId, id, { ...draft, text, replyTo: undefined })
    if (!isSaving) forgetDraft(userId, id)
    onEdit(undefined)
  }

  return {
    text,
    mentions,
    left,
    isUnseen,
    isSaving,
    mode: modeOf(edited, draft?.replyTo),
    files: files.all,
    setFiles: (next: readonly DraftFile[]) => keepDraft(userId, id, { text: '', ...draft, files: next }),
    sendVoice,
    canSend: (text.trim() !== '' || !needsText) && !isUnseen && left >= 0 && !isSaving && !files.hasFailed,
    write,
    leave,
    submit() {
      if (!edited) send()
      else if (text.trim() === edited.text) leave()
      else void save(edited, { text, ...content() })
    },
  }
}

/** Saves an edit. */
function useSaving({ chat, edited, onEdit }: Pick<Writing, 'chat' | 'edited' | 'onEdit'>) {
  const { t } = useTranslation()
  const userId = useUserId()
  /** The edit that is under way; once it has failed, `edited` is another one. */
  const [saving, setSaving] = useState<Row>()

  /** Meanwhile the user may be writing something else, or elsewhere: nothing but this edit is ended or forgotten. */
  async function save(row: Row, content: MessageEdit) {
    const id = row.id!
    setSaving(row)
    try {
      await chat.edit(id, content, { version: row.version })
      if (draftOf(userId, id)?.text === content.text) forgetDraft(userId, id)
      onEdit((now) => (now === row ? undefined : now))
    } catch (error) {
      tell(`${t('composer.notSaved')}. ${errorText(error)}`, { isFault: true })
      // Who was told of another version sees it, and may replace it.
      const newest = chat.timeline.get().rows.find(({ key }) => key === row.key)
      onEdit((now) => (now === row ? { ...(newest ?? row) } : now))
    }
  }
  return { isSaving: edited !== undefined && edited === saving, save }
}

function modeOf(edited: Row | undefined, replyTo: string | undefined): Mode | undefined {
  if (edited) return { kind: 'edit', row: edited }
  return replyTo === undefined ? undefined : { kind: 'reply', messageId: replyTo }
}
