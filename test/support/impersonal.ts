/** Columns for texts that say nothing about a user: kinds, keys, digests of secrets that expire, and names of groups, which belong to their members. */
export const impersonal: Readonly<Partial<Record<string, readonly string[]>>> = {
  chats: ['kind', 'name', 'folded_name', 'key', 'data', 'description', 'rules'],
  messages: ['client_message_id', 'kind'],
  members: ['role'],
  sessions: ['spent_at'],
  keys: ['hash', 'name', 'scopes'],
  settings: ['key', 'value'],
  consumers: ['kind', 'name', 'settings', 'state', 'last_error'],
  cursors: ['types', 'error'],
  dead: ['types', 'error'],
  leases: ['name', 'node'],
  inlets: ['name', 'secret_hash'],
  notices: ['level'],
  push_devices: ['id', 'kind', 'content', 'level'],
  shown: ['device_id'],
  file_links: ['kind'],
  tallies: ['key'],
  audit: ['deed', 'facts'],
  // Evidence, until 90 days after the verdict.
  reports: ['reason', 'text', 'action'],
}
