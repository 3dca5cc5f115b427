/**
 * Fits the numbers of envs/football/parameters.ts to the cells that are not held out: DIRECT (ml-direct) divides the
 * ranges below, without chance, and every figure is measured with fixed seeds, so that a fit can be repeated.
 *
 *   npm run fit -- match 40        a group of parameters, and how many times its ranges are divided
 *
 * It prints what it found and how the fitted and the held-out cells stand before and after; write what convinces you.
 */
import direct from 'ml-direct'
import { FITTED, type Parameters } from '../../envs/football/parameters.ts'
import { calibration, PARTS } from './index.ts'
import { overall, verdict } from './judge.ts'
import { STANDARD } from './play.ts'

type Name = keyof typeof FITTED

/** Which parameters are fitted together, to which parts of the calibration, and within which ranges. */
const GROUPS: Readonly<
  Record<string, { parts: readonly string[]; ranges: Partial<Record<Name, readonly [number, number]>> }>
> = {
  block: {
    parts: ['defending', 'matches'],
    ranges: { back: [-30, -16], front: [2, 12], follow: [0.45, 0.75], settle: [1, 6] },
  },
  pressing: {
    parts: ['defending', 'minis', 'academy'],
    ranges: { pressBeyond: [3, 9], lunge: [0.0005, 0.005], lungeSkill: [0.02, 0.3] },
  },
  match: {
    parts: ['matches', 'minis', 'academy', 'first'],
    ranges: {
      stealNearer: [16, 28],
      stealFarther: [1, 2.4],
      passBias: [0.4, 1],
      sloppyPass: [1, 6],
      stealSkill: [0.2, 1],
      shield: [0.3, 0.95],
    },
  },
  attack: {
    parts: ['matches', 'minis', 'academy'],
    ranges: { shootNear: [0.05, 0.6], shootFar: [0.01, 0.2], sprintAhead: [9, 40], walkAhead: [3, 15] },
  },
  tiredness: { parts: ['matches'], ranges: { sprintFrom: [3, 14], sprintTired: [0, 14], onside: [-1, 1.5] } },
}

function measured(parameters: Parameters, parts: readonly string[]) {
  const cells = calibration({ ...STANDARD, parameters, episodes: 1 }, parts)
  const fitted = cells.filter((cell) => !cell.heldOut)
  return {
    error: overall(fitted),
    fitted: verdict(fitted),
    heldOut: verdict(cells.filter((cell) => cell.heldOut)),
  }
}

function told({ error, fitted, heldOut }: ReturnType<typeof measured>): string {
  return `${error.toFixed(3)} standard errors; within: ${fitted.within} of ${fitted.cells} fitted, ${heldOut.within} of ${heldOut.cells} held out`
}

const [name, divisions] = [process.argv[2] ?? '', Number(process.argv[3] ?? 20)]
const group = GROUPS[name]
if (!group || !(divisions >= 1)) {
  console.error(`usage: npm run fit -- <${Object.keys(GROUPS).join('|')}> [divisions]`)
  process.exit(2)
}
const unknown = group.parts.filter((part) => !(part in PARTS))
if (unknown.length > 0) throw new Error(`no parts ${unknown}`)
const names = Object.keys(group.ranges) as Name[]
const ranges = names.map((one) => group.ranges[one] ?? [0, 0])
const at = (values: ArrayLike<number>): Parameters => ({
  ...FITTED,
  ...Object.fromEntries(names.map((one, i) => [one, values[i]])),
})
console.log(`before: ${told(measured(FITTED, group.parts))}`)
let best = measured(FITTED, group.parts).error
const found = direct(
  (values: ArrayLike<number>) => {
    const { error } = measured(at(values), group.parts)
    if (error < best) {
      best = error
      console.log(
        `${error.toFixed(3)} ${JSON.stringify(Object.fromEntries(names.map((one, i) => [one, Number(values[i].toFixed(4))])))}`,
      )
    }
    return error
  },
  ranges.map(([low]) => low),
  ranges.map(([, high]) => high),
  { iterations: divisions },
)
const values = Array.from(found.optima[0])
console.log(`after:  ${told(measured(at(values), group.parts))}`)
console.log(
  JSON.stringify(Object.fromEntries(names.map((one, i) => [one, Number(values[i].toFixed(4))])), null, 1),
)
