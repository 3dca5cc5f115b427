import { below } from '#core/base/random'
import { DIGITS } from '../config.ts'
import { between, digits, type Family, refuse, spoken } from './family.ts'

/** Small sums of numbers of one digit. */
export const sum: Family = {
  rules: '7 plus 5: work out the sum. Answer digit by digit.',
  claim: /^\d(?: \d)* (?:plus|minus) \d is(?: \d)+$/,

  draw(grade, random) {
    const terms = grade < 3 ? grade + 1 : between(random, 4, 5)
    let total = below(random, 10)
    const words = [String(total)]
    for (let i = 1; i < terms; i++) {
      const number = below(random, 10)
      const minus = number <= total && below(random, 2) === 1
      total += minus ? -number : number
      words.push(minus ? 'minus' : 'plus', String(number))
    }
    return [words.join(' ')]
  },

  work(lines) {
    const [first, ...rest] = lines.length === 1 ? lines[0].split(' ') : ['']
    const parts = rest.flatMap((word, i) => (i % 2 === 0 ? [[word, rest[i + 1]]] : []))
    let total = Number(first)
    const steps: string[] = []
    let fits = /^\d$/.test(first) && parts.length > 0
    for (const [word, digit = ''] of parts) {
      fits &&= /^(?:plus|minus)$/.test(word) && /^\d$/.test(digit)
      const before = total
      total += word === 'minus' ? -Number(digit) : Number(digit)
      fits &&= total >= 0
      if (fits) steps.push(`${spoken(before)} ${word} ${digit} is ${spoken(total)}`)
    }
    if (!fits) refuse('sum', lines, "one line like '7 plus 5 minus 2', of digits, never below 0")
    return { answer: digits(total), choices: DIGITS, steps }
  },
}
