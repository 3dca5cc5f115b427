import { below } from '#core/base/random'
import { MOVES } from '../config.ts'
import { between, type Family, named, type Place, pick, readThing, refuse, scatter } from './family.ts'

const STATEMENT = /^(?:(and|or) )?(no )?([a-d]) (Up|Down|Left|Right) ([a-d])$/

/** Whether `a` lies further in a direction than `b`. */
function further(a: Place, b: Place, move: string): boolean {
  if (move === 'Up') return a.row < b.row
  if (move === 'Down') return a.row > b.row
  return move === 'Left' ? a.column < b.column : a.column > b.column
}

/** Whether short statements hold, joined from the first to the last. */
export const truth: Family = {
  rules:
    'a Left b says that a is further left than b (Up: higher); no turns it round, and, or join it to what was said before. Is it all true? Answer yes or no.',
  claim: /^[a-d] (?:Up|Down|Left|Right) [a-d] (?:yes|no)$/,

  draw(grade, random) {
    const things = scatter(random, grade + 1, between(random, 4, 7))
    const lines = things.map((thing) => `${thing.name} ${named(thing)}`)
    const wanted = pick(random, ['yes', 'no'])
    for (;;) {
      const statements = Array.from({ length: grade }, (_, i) => {
        const join = i === 0 ? '' : `${pick(random, ['and', 'or'])} `
        const turn = grade === 3 && below(random, 3) === 0 ? 'no ' : ''
        const a = pick(random, things)
        const b = pick(
          random,
          things.filter(({ name }) => name !== a.name),
        )
        return `${join}${turn}${a.name} ${pick(random, MOVES)} ${b.name}`
      })
      if (truth.work([...lines, ...statements]).answer[0] === wanted) return [...lines, ...statements]
    }
  },

  work(lines) {
    const things = lines.map(readThing).flatMap((thing) => (thing && thing.name !== '@' ? [thing] : []))
    const said = lines.slice(things.length).map((line) => STATEMENT.exec(line))
    const steps: string[] = []
    let fits = said.length > 0
    let holds = false
    for (const [i, match] of said.entries()) {
      const [, join, no, first, move, second] = match ?? []
      const [a, b] = [first, second].map((name) => things.find((thing) => thing.name === name))
      fits &&= a !== undefined && b !== undefined && a !== b && (join === undefined) === (i === 0)
      if (!fits || !a || !b) break
      const plain = further(a, b, move)
      steps.push(`${first} ${move} ${second} ${plain ? 'yes' : 'no'}`)
      const own = no === undefined ? plain : !plain
      holds = join === 'and' ? holds && own : join === 'or' ? holds || own : own
    }
    if (!fits)
      refuse(
        'truth',
        lines,
        "things like 'a r2 c3', then statements like 'a Left b', further ones after and, or",
      )
    return { answer: [holds ? 'yes' : 'no'], choices: ['yes', 'no'], steps }
  },
}
