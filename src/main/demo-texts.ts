/** The first people of the demo, by their number from 1. There may be more: those are named after these. */
export const names = ['Анна Соколова', 'Boris Keller', 'Мария Лебедева', 'Daniel Novak', 'Елена Орлова'] as const

/** Who of two says what: 0 is the first. */
export type Dialogue = readonly (readonly [0 | 1, string])[]

/** Of user1 with user2, user2 with user3 and so on. */
export const dialogues: readonly Dialogue[] = [
  [
    [0, 'Привет! Ты уже видел новый чат?'],
    [1, 'Hi Anna! I am writing to you in it 🙂'],
    [0, 'И правда. По-русски тоже можно?'],
    [1, 'Конечно. I only need a dictionary now and then.'],
    [0, 'Тогда завтра обсудим план за обедом?'],
    [1, 'Sounds good. Half past twelve, the usual place.'],
    [0, 'Договорились!'],
  ],
  [
    [0, 'Maria, did the photos arrive?'],
    [1, 'Да, все двенадцать. Спасибо!'],
    [1, 'Особенно та, где мост в тумане.'],
    [0, 'That one took three mornings.'],
    [1, 'Оно того стоило 👏'],
  ],
  [
    [0, 'Даниэль, поезд приходит в 18:40, платформа 3.'],
    [1, 'Thanks! I will be there with the big umbrella.'],
    [0, 'Дождя вроде не обещали…'],
    [1, 'They never do.'],
    [0, 'Ладно, бери зонт 😄'],
  ],
  [
    [0, 'Elena, could you look at my draft? Two pages.'],
    [1, 'Смотрю. Вступление отличное, в конце чуть длинно.'],
    [0, 'I was afraid of that. What would you cut?'],
    [1, 'Последний абзац — целиком. Он повторяет первый.'],
    [0, 'Gone. Thank you!'],
    [1, 'Вот теперь хорошо.'],
  ],
]

export const groupName = 'Все вместе · Everybody'

/** Who says what in the group of all: 0 is user1. */
export const groupTalk: readonly (readonly [number, string])[] = [
  [0, 'Добро пожаловать в общий чат!'],
  [1, 'Hello everybody 👋'],
  [2, 'Всем привет!'],
  [3, 'Hi! What is this group for?'],
  [0, 'Для всего, что касается всех: праздники, планы, вопросы.'],
  [4, 'Тогда сразу вопрос: кто идёт в субботу в горы?'],
  [1, 'I am in. When do we start?'],
  [4, 'В восемь у вокзала. Возьмите воду и тёплые вещи.'],
  [3, 'Eight in the morning?!'],
  [2, 'Даниэль, кофе беру на себя ☕'],
  [3, 'Then I am in, too.'],
]

/** What is said over and over where many messages are wanted. */
export const phrases: readonly string[] = [
  'Доброе утро!',
  'Good morning!',
  'Как дела?',
  'Fine, thanks. And you?',
  'Хорошо, спасибо.',
  'Has anybody seen the new schedule?',
  'Да, расписание висит у входа.',
  'The meeting is moved to three.',
  'Успеваем.',
  'I am five minutes late, sorry.',
  'Ничего страшного.',
  'Could you send me the file again?',
  'Уже отправляю.',
  'Got it, thank you!',
  'Пожалуйста 🙂',
  'Who takes the notes today?',
  'Я возьму.',
  'Lunch at one?',
  'Давайте в час.',
  'See you there.',
  'До встречи!',
]
