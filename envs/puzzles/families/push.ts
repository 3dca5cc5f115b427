import { below, shuffle } from '#core/base/random'
import { MOVES, THINGS } from '../config.ts'
import { between, type Family, moved, named, pick, refuse } from './family.ts'
import { at, isGrid, placesOf, put, room } from './grid.ts'

const SIZE = 7

/** Which push moves what: one step into a thing moves it, if the cell behind it is free. */
export const push: Family = {
  rules:
    'push a: which direction, walked by @, moves a one cell? push Right: which thing does it move? A thing moves if the cell behind it is floor; no where nothing is moved.',
  claim: /^(?:push (?:Up|Down|Left|Right) r\d c\d|no push)$/,

  draw(grade, random) {
    for (;;) {
      let rows = room(SIZE)
      const me = { row: between(random, 2, SIZE - 3), column: between(random, 2, SIZE - 3) }
      rows = put(rows, me, '@')
      const sides = shuffle(random, [...MOVES])
      const things = THINGS.slice(0, grade === 1 ? 1 + below(random, 2) : 3)
      for (const [i, thing] of things.entries()) {
        const place = moved(me, sides[i])
        rows = put(rows, place, thing)
        const behind = moved(place, sides[i])
        if (grade > 1 && below(random, 3) === 0 && at(rows, behind) === '-') rows = put(rows, behind, '#')
      }
      // Something that stands further off, at times behind a thing.
      if (grade === 3) {
        const place = { row: between(random, 1, SIZE - 2), column: between(random, 1, SIZE - 2) }
        if (at(rows, place) === '-') rows = put(rows, place, 'd')
      }
      const asksThing = grade === 1 || (grade === 3 && below(random, 2) === 0)
      const question = `push ${asksThing ? pick(random, things) : pick(random, MOVES)}`
      const lines = [...rows, question]
      const [answer] = push.work(lines).answer
      if (answer === 'no' && (grade === 1 || below(random, 2) === 0)) continue
      return lines
    }
  },

  work(lines) {
    const rows = lines.slice(0, -1)
    const asked = /^push (?:([a-d])|(Up|Down|Left|Right))$/.exec(lines[lines.length - 1])
    const [me, ...more] = placesOf(rows, '@')
    const twice = THINGS.some((thing) => placesOf(rows, thing).length > 1)
    if (!asked || !isGrid(rows, '#-@abcd') || !me || more.length > 0 || twice)
      refuse(
        'push',
        lines,
        "a board of # - with one @ and a, b, c, d at most once; last 'push a' or 'push Right'",
      )
    const [, thing, move] = asked
    const moves = MOVES.flatMap((one) => {
      const next = moved(me, one)
      const what = at(rows, next)
      const free = THINGS.includes(what as 'a') && at(rows, moved(next, one)) === '-'
      return free ? [{ move: one, what, next }] : []
    })
    const found = moves.find((one) => (thing === undefined ? one.move === move : one.what === thing))
    const answer = thing === undefined ? found?.what : found?.move
    return {
      answer: [answer ?? 'no'],
      choices: [
        ...(thing === undefined ? THINGS.filter((one) => placesOf(rows, one).length > 0) : MOVES),
        'no',
      ],
      steps: [found ? `push ${found.move} ${named(found.next)}` : 'no push'],
    }
  },
}
