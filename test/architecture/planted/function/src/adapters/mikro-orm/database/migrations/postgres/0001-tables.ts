export const text = 'create function search_forget() returns trigger'
