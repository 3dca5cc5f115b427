/**
 * Numbers that were fitted, not measured: `kickpush bench calibration` compares what they give with Google Research
 * Football, and `node bench/calibration/fit.ts` moves them so that its figures that are not held out come nearer.
 */
export const FITTED = {
  /** Where the last and the first field player of a defending team of ten stand before a ball in the middle, in m. */
  back: -22,
  front: 8.2,
  /** A defending team follows the ball by this share of its way. */
  follow: 0.6,
  /** A still carrier is pressed when the ball is at most so many metres beyond the first defender's place. */
  pressBeyond: 5.2,
  /** Chance per step of a lunge at a still carrier for the square of how many others cover, and with difficulty. */
  lunge: 0.0022,
  lungeSkill: 0.1,
  /** Tackles per second: nearer to the ball than its owner, and not. */
  stealNearer: 22,
  stealFarther: 1.7,
  /** How much of that a team without any skill lacks, and how much of it a built-in carrier of full skill wards off. */
  stealSkill: 0.8,
  shield: 0.625,
  /** What a pass must be worth more than running on. */
  passBias: 0.66,
  /** Chance of a shot at a decision (every other step): within 12 m of the goal, and within 20. */
  shootNear: 0.4,
  shootFar: 0.05,
  /** With so many metres to the next opponent ahead a carrier sprints, and with fewer than these he dribbles. */
  sprintAhead: 25,
  walkAhead: 9,
  /** Degrees by which the built-in AI's shots err more than a seat's. */
  wild: 4,
  /** Seconds that a player without any skill must be sooner at a pass than its receiver to go for it. */
  alert: 0.5,
  /** How much worse passes of bad teams are. */
  sloppyPass: 4,
  /** Nobody who stands sets off for a place nearer than this, in m. */
  settle: 3.5,
  /** How far beyond the last defender a team mate may go before a pass, in m: where offsides come from. */
  onside: 1.1,
  /** Metres to a place from which a fresh player sprints there, and how many more when he is exhausted. */
  sprintFrom: 6,
  sprintTired: 6.8,
}
export type Parameters = { readonly [K in keyof typeof FITTED]: number }
