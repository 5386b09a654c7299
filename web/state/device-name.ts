type Marks = readonly (readonly [mark: string, name: string])[]

/** The first that fits: most browsers also call themselves by the names of others. */
const browsers: Marks = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['YaBrowser/', 'Yandex'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['CriOS/', 'Chrome'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
]
const systems: Marks = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
]

/** What the list of sessions calls this browser, such as “Firefox, Windows”; undefined where nothing is known of it. */
export function deviceName(agent = navigator.userAgent): string | undefined {
  const names = [browsers, systems].flatMap((marks) => marks.find(([mark]) => agent.includes(mark))?.[1] ?? [])
  return names.length > 0 ? names.join(', ') : undefined
}
