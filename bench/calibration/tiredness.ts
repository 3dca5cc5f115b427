import { LEFT, RIGHT, SPRINT } from '../../envs/football/actions.ts'
import { Config } from '../../envs/football/config.ts'
import { reset } from '../../envs/football/reset.ts'
import { step } from '../../envs/football/step.ts'
import { type Cell, isHeldOut, rows } from './cell.ts'
import { type Lab, scenarioNamed } from './play.ts'
import { TIREDNESS } from './tables/tiredness.ts'

/** Ten players sprint up and down for 1,000 steps: tiredness per km, and whether it slows them down. */
export function tiredness(lab: Lab): Cell[] {
  const scenario = scenarioNamed('11_vs_11_stochastic', { ball: [-0.98, 0.4] })
  const config = Config.parse({ scenario, actionSet: 'full', controlled: 10 })
  const s = reset(config, 'tired', lab.parameters)
  const km = new Float64Array(s.setup.count)
  const seats = Array.from({ length: s.setup.seats }, () => SPRINT)
  for (let t = 0; t < 1000; t++) {
    step(
      s,
      seats.map((first, i) =>
        t === 0
          ? first
          : s.x[s.seatPlayer[i]] > 38 || t === 1
            ? LEFT
            : s.x[s.seatPlayer[i]] < -38
              ? RIGHT
              : s.seatDirection[i],
      ),
    )
    for (let p = 0; p < s.setup.count; p++) km[p] += 1e-4 * Math.sqrt(s.vx[p] * s.vx[p] + s.vy[p] * s.vy[p])
  }
  return rows(TIREDNESS)
    .filter(({ slot }) => slot !== '0')
    .map(({ slot, perKm }) => {
      const p = Number(slot)
      return {
        mechanism: 'tiredness',
        name: `slot ${slot}: tiredness per km`,
        kind: 'mean',
        grf: { mean: Number(perKm), sd: null, n: null },
        ours: { mean: s.tired[p] / Math.max(0.01, km[p]), sd: null, n: null },
        heldOut: isHeldOut(`slot ${slot}`),
      } as const
    })
}
