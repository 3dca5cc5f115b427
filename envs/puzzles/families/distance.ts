import { THINGS } from '../config.ts'
import { between, type Family, distance as far, named, readThing, refuse, scatter, spoken } from './family.ts'

/** Which of some things is nearest. */
export const distance: Family = {
  rules: 'near: which thing is nearest to @, in steps by rows and columns? Answer its letter.',
  claim: /^[a-d](?: \d)+$/,

  draw(grade, random) {
    const count = grade < 3 ? 2 : 3
    for (;;) {
      const [me, ...others] = scatter(random, count + 1, between(random, 4, 7))
      const things = others.map((thing, i) => ({ ...thing, name: THINGS[i] }))
      const level = things.every(({ row, column }) => row === me.row || column === me.column)
      if (grade === 1 && !level) continue
      const steps = things.map((thing) => far(me, thing)).sort((x, y) => x - y)
      if (steps[0] === steps[1]) continue
      return [`@ ${named(me)}`, ...things.map((thing) => `${thing.name} ${named(thing)}`), 'near']
    }
  },

  work(lines) {
    const [me, ...things] = lines.slice(0, -1).map(readThing)
    const all = things.flatMap((thing) => (thing === undefined ? [] : [thing]))
    const nearest = me && [...all].sort((x, y) => far(me, x) - far(me, y))
    const fits =
      me?.name === '@' &&
      lines[lines.length - 1] === 'near' &&
      all.length === things.length &&
      all.length > 1 &&
      new Set(all.map(({ name }) => name)).size === all.length &&
      all.every(({ name }) => name !== '@')
    if (!fits || !nearest || far(me, nearest[0]) === far(me, nearest[1]))
      refuse(
        'distance',
        lines,
        "first '@ r1 c1', then things like 'a r2 c3', last 'near'; one thing is nearest",
      )
    return {
      answer: [nearest[0].name],
      choices: all.map(({ name }) => name),
      steps: all.map((thing) => `${thing.name} ${spoken(far(me, thing))}`),
    }
  },
}
