export const text = 'select id from messages where chat_id = $1'
