import { contests } from './calibration/contests.ts'
import { flight } from './calibration/flight.ts'
import { kinematics } from './calibration/kinematics.ts'
import type { Row } from './calibration/lab.ts'
import { matches } from './calibration/matches.ts'
import { outcomes } from './calibration/outcomes.ts'

/**
 * Our figures beside those measured on Google Research Football (google-research/football, headless, its own
 * default difficulties). It is a comparison of two simulations, never a claim that they are equal.
 */
export function calibration(): Row[] {
  return [...kinematics(), ...flight(), ...contests(), ...outcomes(), ...matches()]
}

/** Whether a row meets the aim: 15 points for rates, 15 % for the rest. */
export function within(row: Row): boolean {
  return row.unit === '%' ? Math.abs(row.difference) <= 15 : Math.abs(row.difference) <= 0.15
}
