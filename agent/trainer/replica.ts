import { UserError } from '#core/base/errors'
import { append } from '#core/base/lists'
import { findEnv } from '#core/env/registry'
import type { CreditLine } from '#core/record/credit'
import type { RecordEvent } from '#core/record/record'
import * as tf from '#tf'
import type { Choice } from '../backend.ts'
import type { Result } from '../evaluation/evaluate.ts'
import { Examiner } from '../evaluation/examiner.ts'
import { AdamW, globalNorm } from '../kernels/adamw.ts'
import { decodeModel } from '../model/checkpoint.ts'
import { gradients } from '../model/gradients.ts'
import { MiniLMM } from '../model/minilmm.ts'
import { unreadableIn } from '../model/readable.ts'
import { NotFinite } from '../model/safetensors.ts'
import { SIZES } from '../model/shape.ts'
import { registryWords } from '../model/vocabulary.ts'
import type { Reinforcement, Source, Stage } from '../recipe/recipe.ts'
import type { Workplace } from '../workplace.ts'
import type { Credit, CreditedEpisode } from './credit.ts'
import { creditLines } from './credited.ts'
import { align, type Gradient, imitate } from './imitation.ts'
import type {
  EvaluateJob,
  Examination,
  Facts,
  FlatGradient,
  Fresh,
  ModelBytes,
  OptimizerState,
  Place,
  Rival,
  Snapshot,
} from './jobs.ts'
import { type Levels, openLevels } from './levels.ts'
import { addSums, type Experience, emptyLossSums, policyLoss } from './loss.ts'
import type { Lesson } from './mistakes.ts'
import { Company } from './opponents.ts'
import { addReference } from './reference.ts'
import { experiences, type RolloutJob, type RolloutSums, rollout, type Trajectory } from './rollout.ts'
import { shownIn } from './shown.ts'
import { Watcher, type WatchJob } from './watched.ts'

/** Sequences per pass of a policy update: few enough that their activations stay in a core's cache. */
const MICROBATCH = 64

/**
 * One copy of the model and its optimizer, doing what it is asked, in a thread of its own or not. All replicas take
 * the same steps, so that their weights are the same bit for bit. Every method takes and gives plain data.
 */
export class Replica {
  readonly #workplace: Workplace
  readonly #onEvent: (event: RecordEvent) => void
  readonly #breathe: () => Promise<void>
  readonly #examiner: Examiner
  readonly #watcher: Watcher
  #backend = 'auto'
  #seen = ''
  #model: MiniLMM | undefined
  #reference: MiniLMM | undefined
  #optimizer: AdamW | undefined
  #stage: Stage | undefined
  #levels: Levels | undefined
  #company: Company | undefined
  #trained: Record<string, tf.Variable> = {}
  readonly #trajectories = new Map<number, Trajectory[]>()
  readonly #experiences = new Map<number, Experience[][]>()

  /** @param breathe is awaited now and then in long work, where somebody else wants the thread, too. */
  constructor(
    workplace: Workplace,
    onEvent: (event: RecordEvent) => void,
    breathe: () => Promise<void> = async () => {},
  ) {
    this.#workplace = workplace
    this.#onEvent = onEvent
    this.#breathe = breathe
    this.#examiner = new Examiner(workplace, onEvent, breathe)
    this.#watcher = new Watcher(workplace, onEvent, breathe)
  }

  /** Starts the backend; answers which and why. @throws UserError when it does not start. */
  async start({ backend }: { backend: string }): Promise<Choice> {
    const choice = await this.#workplace.chooseBackend(backend)
    this.#backend = choice.name
    return choice
  }

  /** Takes fresh weights of a size, or those of a model's file. */
  async load(from: Fresh | ModelBytes): Promise<Facts> {
    this.#model?.dispose()
    if ('bytes' in from) {
      const { model, about } = decodeModel(from.bytes, from.what)
      this.#model = model
      this.#seen = about.seen
    } else {
      const words = registryWords(from.envs.map((id) => findEnv(this.#workplace.envs, id)))
      this.#model = MiniLMM.create(SIZES[from.size], words, from.seed)
      this.#seen = ''
    }
    return this.facts(undefined)
  }

  /** Of the model as it was loaded. */
  async facts(_: undefined): Promise<Facts> {
    const { vocabulary, shape, weights } = this.model
    return { seen: this.#seen, vocabulary, shape, weights: Object.keys(weights) }
  }

  /** The hash of the held-out levels of an evaluation. @throws UserError when there are too few. */
  async levels(examination: Examination): Promise<string> {
    return this.#examiner.levels(examination, this.#model)
  }

  /** The fingerprint of an agent, if it has one. @throws UserError when it cannot play the data. */
  async meet({ policy, data }: { policy: string; data: readonly Source[] }): Promise<string> {
    return this.#examiner.meet(policy, data, this.#backend)
  }

  /**
   * Prepares for a stage; `optimizer` when it goes on in the middle, `reference` the model of its first policy, `rivals`
   * the models it plays against.
   */
  async begin(given: {
    stage: Stage
    data: readonly Source[]
    optimizer?: OptimizerState
    reference?: ModelBytes
    rivals?: readonly Rival[]
  }) {
    const { stage } = given
    const { freeze, optimizer } = stage
    for (const prefix of freeze) {
      if (Object.keys(this.model.weights).some((name) => name.startsWith(prefix))) continue
      throw new UserError(`stage ${stage.name} freezes '${prefix}', but no weight's name begins so`)
    }
    this.#stage = stage
    await this.draw(given)
    this.#trained = Object.fromEntries(
      Object.entries(this.model.weights)
        .filter(([name]) => !freeze.some((prefix) => name.startsWith(prefix)))
        .filter(([name]) => stage.kind !== 'align' || name.startsWith('vision.'))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
    this.#optimizer?.dispose()
    this.#optimizer = new AdamW(this.#trained, optimizer)
    if (given.optimizer) this.#optimizer.load(given.optimizer)
    this.#reference?.dispose()
    const { reference } = given
    this.#reference = reference && decodeModel(reference.bytes, reference.what).model
    this.#company?.dispose()
    this.#company =
      'opponents' in stage && stage.opponents
        ? await Company.of(stage, given.data, given.rivals ?? [], this.#workplace, this.#backend)
        : undefined
  }

  /** Draws levels from these sources from now on. */
  async draw({ data }: { data: readonly Source[] }): Promise<void> {
    const { envs, openPack } = this.#workplace
    this.#levels = openLevels(envs, data, openPack, unreadableIn(this.model, shownIn(this.#stage!)))
  }

  /** Takes a model in among the opponents, and lets others go. */
  async join({ rival, leave }: { rival: Rival; leave: readonly string[] }): Promise<void> {
    for (const name of leave) this.#company?.leave(name)
    this.#company?.join(rival)
  }

  /** The gradient of a shard of an imitation or alignment update. */
  async imitate(place: Place): Promise<FlatGradient> {
    const stage = this.#stage
    const job = { ...place, levels: this.#levels! }
    if (stage?.kind === 'align') return this.#flatten(await align(this.model, this.#trained, stage, job))
    if (stage?.kind === 'base' || stage?.kind === 'sft') {
      return this.#flatten(await imitate(this.model, this.#trained, stage, job))
    }
    throw new Error(`stage ${stage?.name} does not imitate`)
  }

  /** Plays a shard of an update and keeps what happened; answers what credit needs to know. */
  async rollout(
    place: Place & { keep: number; run: string; starts?: RolloutJob['starts'] },
  ): Promise<{ episodes: CreditedEpisode[]; sums: RolloutSums; lessons?: Lesson[] }> {
    const { trajectories, sums, lessons } = await rollout(this.model, {
      ...place,
      stage: this.#stage as Reinforcement,
      levels: this.#levels!,
      company: this.#company,
      onEvent: this.#onEvent,
      breathe: this.#breathe,
    })
    this.#trajectories.set(place.shard, trajectories)
    return {
      episodes: trajectories.map(({ traces: _, recorded: __, ...credited }) => credited),
      sums,
      ...(lessons && { lessons }),
    }
  }

  /** Takes the credit of a shard's episodes; answers what is to be told of those that are recorded. */
  async credit({ shard, credits }: { shard: number; credits: readonly Credit[] }): Promise<CreditLine[]> {
    const trajectories = this.#trajectories.get(shard)!
    this.#trajectories.delete(shard)
    const found = experiences(trajectories, credits)
    const { algorithm } = this.#stage as Reinforcement
    const lines = await creditLines(this.model, trajectories, credits, algorithm)
    if (this.#reference) for (const list of found) await addReference(this.#reference, list, MICROBATCH)
    this.#experiences.set(shard, found)
    return lines
  }

  /** Gives away what there is to learn from some of a shard's episodes. */
  async give({ shard, episodes }: { shard: number; episodes: readonly number[] }): Promise<Experience[][]> {
    const kept = this.#experiences.get(shard)!
    return episodes.map((episode) => kept[episode])
  }

  /** Takes what there is to learn from other shards' episodes, which come after its own. */
  async take({ shard, episodes }: { shard: number; episodes: readonly Experience[][] }): Promise<void> {
    append(this.#experiences.get(shard)!, episodes)
  }

  /** The gradient of some of a shard's episodes; `tokens` are those of the whole minibatch. */
  async gradient(part: {
    shard: number
    episodes: readonly number[]
    tokens: number
  }): Promise<FlatGradient> {
    const { algorithm } = this.#stage as Reinforcement
    const kept = this.#experiences.get(part.shard)!
    const batch = part.episodes.flatMap((episode) => kept[episode])
    const sums = emptyLossSums()
    let total: FlatGradient | undefined
    for (let from = 0; from < batch.length; from += MICROBATCH) {
      await this.#breathe()
      const some = batch.slice(from, from + MICROBATCH)
      const totals: tf.Tensor1D[] = []
      const found = gradients(this.#trained, () =>
        policyLoss(this.model, some, algorithm, part.tokens, (told) => totals.push(told)),
      )
      found.loss.dispose()
      await addSums(sums, totals[0])
      const flat = await this.#flatten({ gradients: found.gradients, sums })
      if (!total) total = flat
      else for (let i = 0; i < flat.gradient.length; i++) total.gradient[i] += flat.gradient[i]
    }
    return total ?? this.#flatten({ gradients: {}, sums })
  }

  /**
   * One step of the optimizer down a gradient summed over shards; answers the gradient's norm.
   * @throws NotFinite, before any weight is changed.
   */
  async step({ gradient, rate }: { gradient: Float32Array; rate: number }): Promise<number> {
    const byName: Record<string, tf.Tensor> = {}
    let at = 0
    for (const [name, weight] of Object.entries(this.#trained)) {
      byName[name] = tf.tensor(gradient.slice(at, at + weight.size), weight.shape)
      at += weight.size
    }
    const norm = await this.#optimizer!.update(byName, rate)
    tf.dispose(byName)
    if (!Number.isFinite(norm)) throw new NotFinite('the gradient is not finite')
    return norm
  }

  /** @throws NotFinite when a weight is no number any more. */
  async checkWeights(_: undefined): Promise<void> {
    if (!Number.isFinite(await globalNorm(this.#trained))) throw new NotFinite('the weights are not finite')
  }

  /** Plays a shard of the held-out levels. */
  async evaluate(job: EvaluateJob): Promise<Result[]> {
    return this.#examiner.evaluate(job, this.#backend, this.#model)
  }

  /** How sharply a model chooses when it plays the held-out levels: mean entropy of its words, in nats. */
  async entropy(job: EvaluateJob): Promise<number> {
    return this.#examiner.entropy(job, this.#model)
  }

  /** Plays the watched levels of a run as the stage talks. */
  async watch(job: WatchJob): Promise<void> {
    await this.#watcher.play(this.model, this.#stage!, job)
  }

  async read(_: undefined): Promise<Snapshot> {
    const { shape, vocabulary } = this.model
    const [weights, optimizer] = [await this.model.read(), await this.#optimizer!.save()]
    return { weights, shape, vocabulary, optimizer }
  }

  /** The current model, for playing and saving. */
  get model(): MiniLMM {
    if (!this.#model) throw new Error('no weights are loaded')
    return this.#model
  }

  dispose(): void {
    this.#model?.dispose()
    this.#reference?.dispose()
    this.#optimizer?.dispose()
    this.#company?.dispose()
  }

  async #flatten(found: Gradient): Promise<FlatGradient> {
    const names = Object.keys(this.#trained)
    const gradient = new Float32Array(names.reduce((sum, name) => sum + this.#trained[name].size, 0))
    let at = 0
    for (const name of names) {
      const tensor = found.gradients[name]
      if (tensor) gradient.set(await tensor.data<'float32'>(), at)
      at += this.#trained[name].size
    }
    tf.dispose(found.gradients)
    return { gradient, sums: found.sums }
  }
}
