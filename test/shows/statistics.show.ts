/**
 * What claims are judged by, judged: studies are drawn with effects of known size, spread over seeds and levels, and
 * successes that are coins of those chances; the rule of the reports (statistics.ts) has to call an effect shown as often
 * as its size deserves, and nothing at most 5 times in 100, however seeds and levels differ.
 */
import { LEAST_SEEDS, overSeeds, verdict } from '#agent/evaluation/statistics'
import { type Random, seeded, uniform } from '#core/base/random'
import { claim, show } from './show.ts'

interface Planted {
  readonly effect: number
  readonly seeds: number
  readonly levels: number
  /** Standard deviations over seeds and over levels of the difference of chances. */
  readonly spread: { readonly seeds: number; readonly levels: number }
}

const STUDIES = 1000

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random))

/** One study: paired differences of two agents' successes, by seed and level. */
function drawn({ effect, seeds, levels, spread }: Planted, random: Random): number[][] {
  const ofLevel = Array.from({ length: levels }, () => spread.levels * normal(random))
  return Array.from({ length: seeds }, () => {
    const ofSeed = spread.seeds * normal(random)
    return ofLevel.map((level) => {
      const half = (effect + ofSeed + level) / 2
      return (uniform(random) < 0.5 + half ? 1 : 0) - (uniform(random) < 0.5 - half ? 1 : 0)
    })
  })
}

/** The share of studies that end in each verdict, and of intervals that hold the effect, in percent. */
function judged(planted: Planted) {
  const random = seeded(JSON.stringify(planted))
  const count = { shown: 0, opposite: 0, held: 0 }
  for (let study = 0; study < STUDIES; study++) {
    const found = overSeeds(drawn(planted, random))
    const said = verdict(found)
    if (said === 'shown') count.shown++
    if (said === 'the opposite is shown') count.opposite++
    if (found.low <= planted.effect && planted.effect <= found.high) count.held++
  }
  const share = (n: number) => (100 * n) / STUDIES
  return { shown: share(count.shown), opposite: share(count.opposite), held: share(count.held) }
}

/** How often a t test of ten seeds finds an effect of which it knows how seeds and levels spread, in percent. */
function power({ effect, seeds, levels, spread }: Planted): number {
  const coin = 0.5 - (effect ** 2 + spread.seeds ** 2 + spread.levels ** 2) / 2
  const error = Math.sqrt(spread.seeds ** 2 / seeds + spread.levels ** 2 / levels + coin / (seeds * levels))
  const random = seeded('power')
  let found = 0
  for (let i = 0; i < 20_000; i++) {
    let squares = 0
    for (let k = 1; k < seeds; k++) squares += normal(random) ** 2
    if ((effect / error + normal(random)) / Math.sqrt(squares / (seeds - 1)) > 2.2622) found++
  }
  return found / 200
}

const named = ({ effect, seeds, levels, spread }: Planted): string =>
  `${(100 * effect).toFixed(0)} points, ${seeds} seeds (sd ${100 * spread.seeds}), ${levels} levels (sd ${100 * spread.levels})`

await show(() => {
  const spreads = [
    { seeds: 0.05, levels: 0 },
    { seeds: 0, levels: 0.3 },
    { seeds: 0.05, levels: 0.3 },
    { seeds: 0.15, levels: 0.1 },
  ]
  for (const seeds of [8, 10]) {
    for (const spread of spreads) {
      const planted = { effect: 0, seeds, levels: 100, spread }
      const { shown, opposite, held } = judged(planted)
      claim(
        `no effect, ${named(planted).slice(10)}: a verdict at most 5 % of the time`,
        shown + opposite <= 5,
        `shown ${shown} %, the opposite ${opposite} %, interval holds 0 in ${held} %`,
      )
    }
  }
  for (const effect of [0.03, 0.06, 0.12, -0.12]) {
    const planted = { effect, seeds: 10, levels: 200, spread: { seeds: 0.05, levels: 0.2 } }
    const { shown, opposite, held } = judged(planted)
    const due = power({ ...planted, effect: Math.abs(effect) })
    const [right, wrong] = effect > 0 ? [shown, opposite] : [opposite, shown]
    claim(
      `an effect of ${named(planted)}: found nearly as often as it can be`,
      right > due - 15 && right < due + 5 && wrong <= 1,
      `${right} % where ${due.toFixed(0)} % can be, the wrong way round ${wrong} %, interval holds it in ${held} %`,
    )
  }
  const few = { effect: 0.5, seeds: LEAST_SEEDS - 1, levels: 100, spread: spreads[0] }
  claim(
    `below ${LEAST_SEEDS} seeds there is no verdict, however large the effect`,
    judged(few).shown === 0,
    named(few),
  )
})
