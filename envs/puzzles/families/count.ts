import { below } from '#core/base/random'
import { DIGITS } from '../config.ts'
import { digits, type Family, pick, refuse, spoken } from './family.ts'
import { isGrid } from './grid.ts'

const SIZES = [3, 5, 7] as const

/** How many there are of something. */
export const count: Family = {
  rules: 'count $: how many of the sign are on the board? Answer digit by digit.',
  claim: /^r\d(?: \d)+$/,

  draw(grade, random) {
    const size = SIZES[grade - 1]
    const floor = 1 + below(random, 4)
    const symbols = ['$', '.', ...Array.from({ length: floor }, () => '-')]
    const rows = Array.from({ length: size }, () =>
      Array.from({ length: size }, () => pick(random, symbols)).join(''),
    )
    return [...rows, `count ${pick(random, ['$', '.'])}`]
  },

  work(lines) {
    const rows = lines.slice(0, -1)
    const asked = /^count ([$.])$/.exec(lines[lines.length - 1])
    if (!asked || !isGrid(rows, '-$.'))
      refuse('count', lines, "a board of - $ . and last 'count $' or 'count .'")
    let sum = 0
    const steps = rows.map((line, row) => {
      sum += [...line].filter((cell) => cell === asked[1]).length
      return `r${row + 1} ${spoken(sum)}`
    })
    return { answer: digits(sum), choices: DIGITS, steps }
  },
}
