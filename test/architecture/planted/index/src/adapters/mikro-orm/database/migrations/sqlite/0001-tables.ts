export const text = 'create index messages_late on {messages} (at)'
