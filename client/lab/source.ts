/** What games import from; in a page they find it here. */
const LIBRARY = new URL('../../src/library/env.ts', import.meta.url).href
const IMPORT = /(\bfrom\s*|\bimport\s*)(["'])(kickpush\/env|zod)\2/g

/** An address that a game's module is imported from. What it imports from `kickpush/env` is this Kickpush. */
export function addressOf(text: string): string {
  const whole = text.replace(IMPORT, (_, word: string) => `${word}${JSON.stringify(LIBRARY)}`)
  return URL.createObjectURL(new Blob([whole], { type: 'text/javascript' }))
}
