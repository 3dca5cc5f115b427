import type { BOTS } from './bots.ts'
import { type Cell, isHeldOut, numberOf, rate, rows, type Sample, sample } from './cell.ts'
import { begin, type Ended, type Lab, playOut, scenarioNamed } from './play.ts'
import { MINIS } from './tables/minis.ts'

/** Endings of the twenty mini scenarios with five bots; goals for and against are part of them. */
export function minis(lab: Lab): Cell[] {
  return rows(MINIS).flatMap((row) => {
    const bot = row.bot as keyof typeof BOTS
    const n = Number(row.n)
    const ended: Ended[] = []
    for (let i = 0; i < 16 * lab.episodes; i++) {
      const seed = `mini/${row.scenario}/${i}`
      ended.push(playOut(begin(lab, scenarioNamed(row.scenario), seed), bot, seed))
    }
    const heldOut = isHeldOut(row.scenario)
    const name = `${row.scenario}, ${bot}`
    const share = (how: string): Sample => rate(ended.filter((one) => one.how === how).length, ended.length)
    const cell = (what: string, kind: Cell['kind'], grf: Sample, ours: Sample): Cell => ({
      mechanism: bot === 'idle' ? 'defending' : 'endings',
      name: `${name}: ${what}`,
      kind,
      grf,
      ours,
      heldOut,
    })
    const shares = (['goal', 'against', 'lost', 'out'] as const).map((how) =>
      cell(how, 'rate', { mean: Number(row[how]), sd: null, n }, share(how)),
    )
    const steps = { mean: Number(row.steps), sd: numberOf(row.sd), n }
    return [...shares, cell('steps', 'mean', steps, sample(ended.map((one) => one.steps)))]
  })
}

/** Of each scenario: the bots' goal rates, here and there, for their rank order. */
export function rankings(cells: readonly Cell[]): { scenario: string; agree: boolean }[] {
  const goals = cells.filter(({ name }) => /^R\d\S+, \w+: goal$/.test(name))
  const names = [...new Set(goals.map(({ name }) => name.split(',')[0]))]
  return names.map((scenario) => {
    const mine = goals.filter(({ name }) => name.startsWith(`${scenario},`))
    const agree = mine.every((a, i) => mine.slice(i + 1).every((b) => agrees(a, b)))
    return { scenario, agree }
  })
}

/** Two bots of which one is clearly better there are in the same order here. */
function agrees(a: Cell, b: Cell): boolean {
  const theirs = order(a.grf, b.grf)
  return theirs === 0 || theirs === Math.sign(a.ours.mean - b.ours.mean)
}

/** 1 or -1 where the 95 % interval of the difference says who is better, else 0. */
function order(a: Sample, b: Sample): number {
  const error = (s: Sample) => {
    const n = s.n ?? 1
    const p = (s.mean * n + 1) / (n + 2)
    return (p * (1 - p)) / n
  }
  const difference = a.mean - b.mean
  return Math.abs(difference) < 1.96 * Math.sqrt(error(a) + error(b)) ? 0 : Math.sign(difference)
}
