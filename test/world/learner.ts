import { evaluate } from '#agent/evaluation/evaluate'
import type { Host } from '#agent/host'
import { decodeSafetensors } from '#agent/model/safetensors'
import { SIZES } from '#agent/model/shape'
import { parseRecipe, type Recipe, type Reinforcement, type Stage } from '#agent/recipe/recipe'
import type { CreditedEpisode } from '#agent/trainer/credit'
import type {
  EvaluateJob,
  FlatGradient,
  ModelBytes,
  OptimizerState,
  Place,
  Snapshot,
} from '#agent/trainer/jobs'
import type { Member } from '#agent/trainer/member'
import { recordedEpisodes } from '#agent/trainer/rollout'
import { Team } from '#agent/trainer/team'
import { UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import { below, seeded, uniform } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { type Match, play } from '#core/play/play'
import type { Policy } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { envs } from '#envs'

const RECIPE = `
name: toy
model: xs
data: [{ env: sokoban, config: { level: "#######|#-@$-.#|#######", maxSteps: 12 } }]
stages:
  - { name: imitation, kind: base, updates: 2, batch: 4, optimizer: { rate: 0.01 } }
  - name: fre
    kind: fre
    updates: 3
    groups: 2
    groupSize: 2
    minibatches: 1
    optimizer: { rate: 0.01 }
    conversation: { actionsPerTurn: 2, maxTurns: 6, memoryActions: 1 }
  - { name: sft, kind: sft, updates: 2, batch: 4, optimizer: { rate: 0.01 }, from: imitation }
evaluation: { agents: [fre, random], modalities: [text], episodes: 3 }
`

/** Trainings that a world may see: what learns is small, the order of what is written is the trainer's own. */
export function recipes(seed: number): { begun: Recipe; resumed: Recipe } {
  const settings = [`seed=${seed % 4}`, `shards=${1 + (seed % 2)}`, `checkpointEvery=${1 + (seed % 3)}`]
  const others = ['evaluation.episodes=5', 'evaluation.temperature=0', 'evaluation.seed=other']
  const changed = seed % 3 === 0 ? [] : others
  return {
    begun: parseRecipe(RECIPE, settings, 'toy'),
    resumed: parseRecipe(RECIPE, [...settings, ...changed], 'toy'),
  }
}

/** A host whose one member learns nothing but does all that is asked, alike every time. `rest` passes the time. */
export const hostOf = (rest: () => Promise<void>): Host => ({
  envs,
  packages: {},
  threads: 1,
  machine: 'simulated',
  model: async (name) => {
    throw new UserError(`no model '${name}'`)
  },
  openPack: () => {
    throw new UserError('no files')
  },
  team: (_, onEvent) => new Team([memberOf(new Pupil(rest, onEvent), rest)]),
})

function memberOf(pupil: Pupil, rest: () => Promise<void>): Member {
  let last: Promise<unknown> = Promise.resolve()
  const jobs = pupil as unknown as Record<string, (given: unknown) => Promise<unknown>>
  return {
    ask: (job, given) => {
      const answer = last.then(rest).then(() => jobs[job](given))
      last = answer.catch(() => {})
      return answer as never
    },
    close: async () => {},
  }
}

/** Stands in for a replica of the model: its weights are four numbers, and what it answers depends on all of them. */
class Pupil {
  readonly #rest: () => Promise<void>
  readonly #onEvent: (event: RecordEvent) => void
  #weights: Float32Array = new Float32Array(4)
  #seen = ''
  #optimizer: OptimizerState = { steps: 0, tensors: {} }
  #stage: Stage | undefined

  constructor(rest: () => Promise<void>, onEvent: (event: RecordEvent) => void) {
    this.#rest = rest
    this.#onEvent = onEvent
  }

  async start() {
    return { name: 'cpu', reason: 'simulated' }
  }

  async load(from: ModelBytes | { seed: string }) {
    if ('bytes' in from) {
      const { weights, metadata } = decodeSafetensors(from.bytes, from.what)
      this.#weights = weights.w.data.slice()
      this.#seen = JSON.parse(metadata.kickpush).seen
    } else {
      this.#weights = numbers(`fresh ${from.seed}`)
      this.#seen = ''
    }
    return this.facts()
  }

  async facts() {
    return { seen: this.#seen, vocabulary: ['<sokoban>'], weights: ['w'] }
  }

  async meet({ policy }: { policy: string }) {
    return hashText(policy)
  }

  async levels({ evaluation }: Pick<EvaluateJob, 'evaluation'>) {
    return hashText(`${evaluation.seed} ${evaluation.episodes}`)
  }

  async begin({ stage, optimizer }: { stage: Stage; optimizer?: OptimizerState }) {
    this.#stage = stage
    const zeros = { 'w.mean': new Float32Array(4), 'w.square': new Float32Array(4) }
    this.#optimizer = optimizer ?? { steps: 0, tensors: zeros }
  }

  async imitate(place: Place): Promise<FlatGradient> {
    return { gradient: this.#gradient(place.shard), sums: { loss: 1, samples: 2, solutions: 1, tokens: 8 } }
  }

  async rollout({ shard, shards, seed, update, run, keep }: Place & { keep: number; run: string }) {
    const stage = this.#stage as Reinforcement
    const matches: Match[] = []
    const groups: number[] = []
    for (let group = shard; group < stage.groups; group += shards) {
      for (let i = 0; i < stage.groupSize; i++) {
        const episode = `${stage.name}-${update}-${group}-${i}`
        const sampling = `${seed}/${episode}`
        matches.push(this.#match({ episode, sampling, run, stage: stage.name, update }, stage.conversation))
        groups.push(group)
      }
    }
    const kept = new Set(recordedEpisodes(stage, update, keep))
    const played = await play(matches, {
      onEvent: (event) => {
        if (kept.has(event.episode)) this.#onEvent(event)
      },
    })
    const episodes: CreditedEpisode[] = played.map((episode, i) => ({
      group: groups[i],
      rewards: Float64Array.from(episode.turns[0], (turn) => turn.response.value ?? 0),
      values: episode.turns[0].map(() => new Float32Array(2)),
      bootstrap: 0,
    }))
    const turns = played.reduce((sum, episode) => sum + episode.turns[0].length, 0)
    const success = played.filter((episode) => episode.outcome.success).length
    const rewards = played.reduce((sum, episode) => sum + episode.return[0], 0)
    const nothing = { malformed: 0, words: 0, claims: 0, truths: 0 }
    return {
      episodes,
      sums: {
        ...nothing,
        episodes: played.length,
        success,
        return: rewards,
        reward: rewards,
        turns,
        steps: played.reduce((sum, episode) => sum + episode.steps, 0),
        tokens: 2 * turns,
        terms: { accuracy: rewards },
        games: {},
        points: {},
      },
    }
  }

  async credit() {
    return []
  }

  async gradient({ shard }: { shard: number }): Promise<FlatGradient> {
    return { gradient: this.#gradient(shard), sums: { policy: 1 } }
  }

  /** Adam in kind: the step depends on the gradient, both moments and the number of steps. */
  async step({ gradient, rate }: { gradient: Float32Array; rate: number }): Promise<number> {
    const { tensors } = this.#optimizer
    const steps = this.#optimizer.steps + 1
    const mean = tensors['w.mean'].map((old, i) => 0.9 * old + 0.1 * gradient[i])
    const square = tensors['w.square'].map((old, i) => 0.9 * old + 0.1 * gradient[i] * gradient[i])
    this.#weights = this.#weights.map(
      (old, i) => old - (rate * 100 * mean[i]) / (Math.sqrt(square[i]) + steps),
    )
    this.#optimizer = { steps, tensors: { 'w.mean': mean, 'w.square': square } }
    return Math.sqrt(gradient.reduce((sum, x) => sum + x * x, 0))
  }

  async checkWeights() {}

  async read(): Promise<Snapshot> {
    const weights = { w: { shape: [4], data: this.#weights.slice() } }
    return { weights, shape: SIZES.xs, vocabulary: ['go'], optimizer: this.#optimizer }
  }

  async evaluate(job: EvaluateJob) {
    const { evaluation, agent, shard, shards, name, run, keep } = job
    if ('bytes' in agent) await this.load(agent)
    else this.#weights = numbers(agent.policy)
    const settings = `${evaluation.seed} ${evaluation.temperature}`
    const all = Array.from({ length: evaluation.episodes }, (_, i) => ({
      ...LEVEL,
      seed: `${evaluation.seed}/${i}`,
    }))
    const from = Math.floor((all.length * shard) / shards)
    const to = Math.floor((all.length * (shard + 1)) / shards)
    return evaluate({
      levels: all.slice(from, to),
      policies: [this.#policy(`${name} ${settings}`)],
      conversation: { ...evaluation.conversation, maxTurns: 6, modality: job.modality },
      sampling: evaluation.seed,
      from,
      name,
      run,
      onEvent: (event) => {
        if (Number(event.episode.split('-').at(-1)) < keep) this.#onEvent(event)
      },
    })
  }

  #match(
    names: Pick<Match, 'episode' | 'sampling' | 'run' | 'stage' | 'update'>,
    conversation: Match['conversation'],
  ): Match {
    return { ...LEVEL, ...names, seed: 'level', policies: [this.#policy(names.stage ?? '')], conversation }
  }

  /** Walks as its weights and the episode's own randomness say. */
  #policy(id: string): Policy {
    return {
      id,
      act: async (requests) => {
        await this.#rest()
        const mood = seeded(this.#name())
        const bias = uniform(mood)
        return requests.map(({ random, turn }) => {
          const actions = uniform(random) < bias ? [3, 3] : [below(random, 4)]
          const value = uniform(random)
          return { valid: true, actions, value, text: `turn ${turn}`, thought: 'on' }
        })
      },
    }
  }

  #gradient(shard: number): Float32Array {
    return numbers(`${this.#name()} ${this.#optimizer.steps} ${shard}`)
  }

  #name(): string {
    return hashText(Array.from(this.#weights).join(' '))
  }
}

const env = findEnv(envs, 'sokoban')
const LEVEL = { env, config: resolveConfig(env, { level: '#######|#-@$-.#|#######', maxSteps: 12 }) }

/** Four numbers of a name. */
function numbers(name: string): Float32Array {
  const random = seeded(name)
  return Float32Array.from({ length: 4 }, () => uniform(random) - 0.5)
}
