import { seeded } from '../base/random.ts'
import type { State } from '../env/env.ts'
import { withoutArrays } from './banned.ts'
import { hold, over, type Rule, randomActions, type Subject } from './support.ts'

/** Steps of a batch; their actions are drawn beforehand, so that only steps are measured. */
const BATCH = 2_000
/** Batches after which a compiler has settled. */
const BATCHES = 100
/** After so many it is left time before each: it may hardly get a core. */
const UNHURRIED = 20
/** Bytes a step that measuring itself leaves, and of a double that is handed from function to function. */
const BYTES = 8
const DOUBLE = 16
/** CPU-seconds of one reset. */
const SECONDS = 2

/** What must hold of the work that a game costs. Checked where `Tools` can measure. */
export const costRules: Readonly<Record<string, Rule>> = {
  'a step makes no arrays': {
    member: 'step',
    ground: true,
    hold(subject) {
      withoutArrays(playBatch(subject, 'arrays', 200))
    },
  },

  'a step allocates nothing': {
    member: 'step',
    hold(subject, { heap, rest }) {
      if (!heap) return
      const most = BYTES + DOUBLE * doublesIn(subject)
      let least = Number.POSITIVE_INFINITY
      // Early batches are compiled meanwhile, and a collection makes one negative.
      for (let i = 0; i < BATCHES && least > most; i++) {
        if (i >= UNHURRIED) rest?.()
        const play = playBatch(subject, `heap/${i}`, BATCH)
        const before = heap()
        play()
        const growth = (heap() - before) / BATCH
        if (growth >= 0) least = Math.min(least, growth)
      }
      hold(least <= most || least === Number.POSITIVE_INFINITY, `makes ${Math.round(least)} bytes a step`)
    },
  },

  'a reset is done in bounded work': {
    member: 'reset',
    hold({ env, config }, { cpu }) {
      if (!cpu) return
      for (let i = 0; i < 8; i++) {
        const before = cpu()
        env.reset(config, `work/${i}`)
        const seconds = cpu() - before
        hold(
          seconds <= SECONDS,
          `seed work/${i} takes ${seconds.toFixed(1)} seconds of CPU, more than ${SECONDS}`,
        )
      }
    },
  },
}

/** Doubles that a state plays with, beside its rewards: engines may box those that functions hand on. */
function doublesIn({ env, config }: Subject): number {
  const { rewards: _, terms: __, ...rest } = env.reset(config, 'doubles')
  const lengths = Object.values(rest).map((value) => (value instanceof Float64Array ? value.length : 0))
  return lengths.reduce((sum, length) => sum + length, 0)
}

/** Prepares episodes of `steps` steps together; @returns what plays them, doing nothing but stepping. */
function playBatch(subject: Subject, seed: string, steps: number): () => void {
  const { env, config } = subject
  const random = seeded(seed)
  const first = env.reset(config, seed)
  const script: number[][] = []
  const probe = env.clone(first)
  while (!over(probe) && script.length < steps) {
    const actions = randomActions(subject, probe, random)
    script.push(actions)
    env.step(probe, actions)
  }
  const rounds = Math.ceil(steps / Math.max(1, script.length))
  const states: State[] = Array.from({ length: rounds }, () => env.clone(first))
  return () => {
    for (let round = 0; round < rounds; round++) {
      const state = states[round]
      for (let i = 0; i < script.length; i++) env.step(state, script[i])
    }
  }
}
