import { hashFrame, hashText } from '#core/base/hash'
import { seeded } from '#core/base/random'
import { playRandom, randomActions, type Subject, sights, subjectOf } from '#core/check/support'
import { rasterize } from '#core/draw/rasterize'
import type { Env } from '#core/env/env'
import { hashState } from '#core/record/differences'

/** How every example of every environment plays, as one hash each. */
export function courses(envs: readonly Env[]): string[] {
  return envs.flatMap((env) =>
    env.examples.map((example) => `${env.id} ${hashText(course(subjectOf(env, example)).join('\n'))}`),
  )
}

/** A line per step with the state's hash, now and then with what is seen. */
function course(subject: Subject): string[] {
  const lines: string[] = []
  playRandom(subject, 'process', 40, (state) => {
    lines.push(hashState(subject.env, state))
    if (state.t % 10 === 0) lines.push(JSON.stringify(sights(subject, state)))
  })
  return lines
}

/** What a seed is known to give: a row of the golden table. */
export interface GoldenRow {
  readonly env: string
  readonly version: number
  readonly look: number
  readonly example: object
  readonly seed: string
  readonly steps: number
  readonly state: string
  readonly text: string
  readonly frame: string
}

/** The state, text and frame after up to 100 random actions of one seed. */
export function goldenRow(env: Env, example: object, seed: string): GoldenRow {
  const subject = subjectOf(env, example)
  const state = env.reset(subject.config, seed)
  const random = seeded(`${seed}/golden`)
  for (let i = 0; i < 100 && !state.terminated && !state.truncated; i++) {
    env.step(state, randomActions(subject, state, random))
  }
  const { width, height } = env.frame(state.config)
  return {
    env: env.id,
    version: env.version,
    look: env.look,
    example,
    seed,
    steps: state.t,
    state: hashState(env, state),
    text: hashText(env.text(state, 0)),
    frame: hashFrame(rasterize(env.scene(state, 0), width, height)),
  }
}

/** A row as a line of the table. */
export function writeGolden({ example, ...row }: GoldenRow): string {
  return [...COLUMNS.map((column) => row[column]), JSON.stringify(example)].join(' ')
}

/** The rows of the table's text; its first line names the columns. */
export function readGolden(text: string): GoldenRow[] {
  const lines = text.trim().split('\n').slice(1)
  return lines.map((line) => {
    const [env, version, look, seed, steps, state, hash, frame, ...example] = line.split(' ')
    return {
      env,
      version: Number(version),
      look: Number(look),
      seed,
      steps: Number(steps),
      state,
      text: hash,
      frame,
      example: JSON.parse(example.join(' ')),
    }
  })
}

const COLUMNS = ['env', 'version', 'look', 'seed', 'steps', 'state', 'text', 'frame'] as const
