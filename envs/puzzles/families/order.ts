import { below, shuffle } from '#core/base/random'
import { MOVES } from '../config.ts'
import { between, type Family, named, readThing, refuse, scatter, towards } from './family.ts'

/** In which direction one cell lies from another: rows first, then columns. */
export const order: Family = {
  rules:
    'from a to b: in which directions does b lie from a? First Up or Down, then Left or Right; a direction in which they are level is left out.',
  claim: /^(?:r\d r\d (?:Up|Down)|c\d c\d (?:Left|Right))$/,

  draw(grade, random) {
    for (;;) {
      const things = scatter(random, grade < 3 ? 2 : 4, between(random, 4, 7))
      const [from, to] = shuffle(random, [...things])
      const { rows, columns } = towards(from, to)
      // The first grade is level in one direction, the others mostly not.
      const level = rows === undefined || columns === undefined
      if (grade === 1 ? !level : level && below(random, 8) > 0) continue
      return [...things.map((thing) => `${thing.name} ${named(thing)}`), `from ${from.name} to ${to.name}`]
    }
  },

  work(lines) {
    const things = lines.slice(0, -1).map(readThing)
    const asked = /^from ([a-d]) to ([a-d])$/.exec(lines[lines.length - 1])
    const [from, to] = [1, 2].map((i) => things.find((thing) => thing?.name === asked?.[i]))
    const there = things.every((thing) => thing !== undefined) && from && to
    const { rows, columns } = there ? towards(from, to) : {}
    if (!there || (rows === undefined && columns === undefined))
      refuse('order', lines, "lines like 'a r2 c3' and last 'from a to b', of two places")
    return {
      answer: [rows, columns].filter((word) => word !== undefined),
      choices: MOVES,
      steps: [
        ...(rows ? [`r${from.row + 1} r${to.row + 1} ${rows}`] : []),
        ...(columns ? [`c${from.column + 1} c${to.column + 1} ${columns}`] : []),
      ],
    }
  },
}
