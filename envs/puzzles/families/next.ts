import { below } from '#core/base/random'
import { DIGITS, MOVES } from '../config.ts'
import { between, digits, type Family, pick, refuse, spoken } from './family.ts'

/** Clockwise. */
const ROUND = ['Up', 'Right', 'Down', 'Left'] as const
const LARGEST = 99

/** What comes next: numbers by one or two steps in turn, or directions that turn. */
export const next: Family = {
  rules: 'next: what comes after the lines above? A direction, or a number digit by digit.',
  claim: /^(?:plus|minus)(?: \d)+$|^Up Right$|^Up Left$/,

  draw(grade, random) {
    const shown = between(random, 3, 5)
    if (grade === 1 && below(random, 3) === 0) {
      const turn = pick(random, [1, 3])
      const first = below(random, 4)
      return [...Array.from({ length: shown }, (_, i) => ROUND[(first + i * turn) % 4]), 'next']
    }
    for (;;) {
      const widest = grade === 1 ? 3 : 9
      const steps = [between(random, -widest, widest), between(random, -widest, widest)]
      if (grade < 3) steps[1] = steps[0]
      if (steps.includes(0) || (grade === 3 && steps[0] === steps[1])) continue
      const numbers = [below(random, 30)]
      // Steps in turn show themselves in four numbers or more.
      const length = grade === 3 ? shown + 1 : shown
      for (let i = 0; i < length; i++) numbers.push(numbers[i] + steps[i % 2])
      if (numbers.some((number) => number < 0 || number > LARGEST)) continue
      return [...numbers.slice(0, length).map(spoken), 'next']
    }
  },

  work(lines) {
    const items = lines.slice(0, -1)
    const wanted =
      "three lines or more like '3', '5', '7' with one or two steps in turn, or directions that turn; last 'next'"
    if (lines[lines.length - 1] !== 'next' || items.length < 3) refuse('next', lines, wanted)
    const places = items.map((item) => (ROUND as readonly string[]).indexOf(item))
    if (places[0] >= 0) {
      const turn = (places[1] - places[0] + 4) % 4
      const turns = places.every((place, i) => place === (places[0] + i * turn) % 4)
      if (!turns || turn % 2 === 0) refuse('next', lines, wanted)
      const after = ROUND[(places[0] + items.length * turn) % 4]
      return { answer: [after], choices: MOVES, steps: [turn === 1 ? 'Up Right' : 'Up Left'] }
    }
    const numbers = items.map((item) =>
      /^\d(?: \d)?$/.test(item) ? Number(item.replace(' ', '')) : Number.NaN,
    )
    const steps = numbers.slice(1).map((number, i) => number - numbers[i])
    const step = steps[steps.length - (steps.length > 1 ? 2 : 1)]
    const after = numbers[numbers.length - 1] + step
    const regular = steps.every((one, i) => i < 2 || one === steps[i - 2])
    // Of three numbers only equal steps say anything.
    if (!regular || (steps.length < 3 && steps[0] !== steps[1]) || !(after >= 0))
      refuse('next', lines, wanted)
    return {
      answer: digits(after),
      choices: DIGITS,
      steps: steps
        .slice(0, 2)
        .map((one) => `${one < 0 ? 'minus' : 'plus'} ${spoken(Math.abs(one))}`)
        .filter((one, i, all) => all.indexOf(one) === i),
    }
  },
}
