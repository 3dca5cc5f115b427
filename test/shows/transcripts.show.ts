/**
 * Plays transcripts of gym-sokoban and compares every step up to the first end:
 *
 *   npm run shows -- transcripts --data <folder>     <folder>/sokoban/gym-sokoban-transcripts.json
 */
import { readFileSync } from 'node:fs'
import { resolveConfig } from '#core/env/config'
import { sokoban } from '../../envs/sokoban/index.ts'
import { BOX, type Level, TARGET, WALL } from '../../envs/sokoban/levels/level.ts'
import { solve } from '../../envs/sokoban/solve/solve.ts'
import { levelOf } from '../../envs/sokoban/state.ts'
import { dataFile } from './data.ts'

interface Transcript {
  readonly id: string
  readonly xsb: string
  readonly max_steps: number
  readonly actions: readonly number[]
  readonly reward: readonly number[]
  readonly boxes_on_target: readonly number[]
  readonly player: readonly number[]
  /** Step, 1 when the steps were used up, 1 when all boxes were on targets: one row per step that was done. */
  readonly done: readonly (readonly [number, number, number])[]
  /** Rows of digits after some steps: 0 wall, 1 floor, 2 target, 3 box on target, 4 box, 5 player. */
  readonly grids: Readonly<Record<string, string>>
  readonly first_done: number | null
  readonly best: number
  readonly best_at_first_done: number | null
  readonly opt_moves: number | null
  readonly opt_pushes: number | null
  readonly upper_reward: number | null
}

const { transcripts } = JSON.parse(
  readFileSync(dataFile('sokoban/gym-sokoban-transcripts.json'), 'utf8'),
) as { transcripts: Transcript[] }

let steps = 0
let ends = 0
let solutions = 0
let scores = 0
const wrong: string[] = []
for (const transcript of transcripts) compare(transcript)

console.log(
  `${transcripts.length} transcripts, ${steps} steps, ${ends} ends equal, ${solutions} optimal lengths, ${scores} scores`,
)
for (const line of wrong.slice(0, 20)) console.log(`differs: ${line}`)
process.exit(wrong.length === 0 && transcripts.length > 0 && ends > 0 && solutions > 0 ? 0 : 1)

function compare(transcript: Transcript): void {
  const { id } = transcript
  const level = transcript.xsb
  const config = resolveConfig(sokoban, { level, actionSet: 'gym', maxSteps: transcript.max_steps })
  const state = sokoban.reset(config as never, '')
  const initial = sokoban.clone(state)
  const rewards: number[] = []
  const check = (what: string, ours: unknown, theirs: unknown) => {
    if (ours !== theirs) wrong.push(`${id} step ${state.t}: ${what} is ${ours}, was ${theirs}`)
  }
  for (let i = 0; i < transcript.actions.length; i++) {
    sokoban.step(state, [transcript.actions[i]])
    rewards.push(state.rewards[0])
    steps++
    check('reward', state.rewards[0].toFixed(6), transcript.reward[i].toFixed(6))
    check('boxes on target', state.on, transcript.boxes_on_target[i])
    check('player', state.player, transcript.player[i])
    const grid = transcript.grids[state.t]
    if (grid !== undefined) check('grid', digits(levelOf(state)), grid)
    const done = transcript.done.find(([step]) => step === state.t)
    check('terminated', state.terminated, done?.[2] === 1)
    check('truncated', state.truncated, done?.[2] === 0)
    if (done) {
      ends++
      break
    }
  }
  check('first end', state.terminated || state.truncated ? state.t : null, transcript.first_done)
  const moves = solve(levelOf(initial), { optimal: 'moves' })
  if (transcript.opt_moves !== null && transcript.opt_moves !== undefined) {
    const pushes = solve(levelOf(initial), { optimal: 'pushes' })
    check('optimal moves', moves.plan.length, transcript.opt_moves)
    check('optimal pushes', pushes.pushes, transcript.opt_pushes)
    solutions++
  }
  if (transcript.upper_reward !== null && transcript.upper_reward !== undefined) {
    const best = transcript.best_at_first_done ?? transcript.best
    const score = sokoban.score?.(initial, rewards) ?? Number.NaN
    check('score', score.toFixed(6), (5 * (best - transcript.upper_reward) + 100).toFixed(6))
    scores++
  }
}

function digits(level: Level): string {
  const rows: string[] = []
  for (let row = 0; row < level.height; row++) {
    let text = ''
    for (let cell = row * level.width; cell < (row + 1) * level.width; cell++) {
      const flags = level.cells[cell]
      const box = flags & TARGET ? 3 : 4
      text += cell === level.player ? 5 : flags & WALL ? 0 : flags & BOX ? box : flags & TARGET ? 2 : 1
    }
    rows.push(text)
  }
  return rows.join('/')
}
