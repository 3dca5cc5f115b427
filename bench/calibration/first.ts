import type { Cell, Mechanism } from './cell.ts'
import { contests } from './first/contests.ts'
import { flight } from './first/flight.ts'
import { kinematics } from './first/kinematics.ts'
import type { Row } from './first/lab.ts'
import { matches } from './first/matches.ts'
import { outcomes } from './first/outcomes.ts'

/** Episodes behind most shares of the first measurement. */
const TRIES = 50

/** The first measurement of the original (its figures came without spreads). The first edition was fitted to all of it. */
export function first(): Cell[] {
  return [
    ...kinematics().map((row) => cellOf(row, 'movement')),
    ...flight().map((row) => cellOf(row, row.name.startsWith('shot') ? 'shooting' : 'passing')),
    ...contests().map((row) => cellOf(row, row.name.includes('shot') ? 'keeping' : 'defending')),
    ...outcomes().map((row) => cellOf(row, 'endings')),
    ...matches().map((row) => cellOf(row, row.name.startsWith('match') ? 'match' : 'set pieces')),
  ]
}

function cellOf(row: Row, mechanism: Mechanism): Cell {
  const share = row.unit === '%'
  const scale = share ? 100 : 1
  return {
    mechanism,
    name: row.name,
    kind: share ? 'rate' : 'mean',
    grf: { mean: row.grf / scale, sd: null, n: share ? TRIES : null },
    ours: { mean: row.ours / scale, sd: null, n: null },
    heldOut: false,
  }
}
