import { academy } from './academy.ts'
import type { Cell } from './cell.ts'
import { defending } from './defending.ts'
import { first } from './first.ts'
import { matches } from './match.ts'
import { minis } from './minis.ts'
import { type Lab, STANDARD } from './play.ts'
import { kicking, shooting } from './shooting.ts'
import { tiredness } from './tiredness.ts'

/** What is measured, in parts that can be measured alone. */
export const PARTS: Readonly<Record<string, (lab: Lab) => Cell[]>> = {
  first,
  defending,
  shooting,
  kicking,
  minis,
  academy,
  matches,
  tiredness,
}

/**
 * Our figures beside those measured on Google Research Football, each measured as the original was. It is a
 * comparison of two simulations, never a claim that they are equal.
 */
export function calibration(lab: Lab = STANDARD, parts: readonly string[] = Object.keys(PARTS)): Cell[] {
  return parts.flatMap((part) => PARTS[part](lab))
}
