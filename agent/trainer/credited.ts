import { exp, log } from '#core/base/math'
import type { CreditFigures, CreditLine, CreditTurn } from '#core/record/credit'
import * as tf from '#tf'
import { type Algorithm, CREDITS_OF } from '../algorithms/algorithm.ts'
import type { MiniLMM } from '../model/minilmm.ts'
import type { Credit } from './credit.ts'
import type { Recorded, Trajectory } from './rollout.ts'

/** Most bytes of a line, more or less: what does not fit of its last turns is left out. */
const ROOM = 1 << 17
/** Bytes of a number with its comma, at most. */
const NUMBER = 12

/** What was found out about the words of a trajectory, end to end. */
interface Found {
  readonly entropy: Float32Array
  /** [words, vocabulary]. */
  readonly logits: Float32Array
}

/**
 * What training made of the recorded ones of some trajectories, in their order. The model must be as it was when it
 * played them.
 */
export async function creditLines(
  model: MiniLMM,
  trajectories: readonly Trajectory[],
  credits: readonly Credit[],
  algorithm: Algorithm,
): Promise<CreditLine[]> {
  const lines: CreditLine[] = []
  for (const [i, trajectory] of trajectories.entries()) {
    const { recorded } = trajectory
    if (!recorded) continue
    const found = await lookAgain(model, trajectory)
    lines.push(lineOf(model, trajectory, recorded, credits[i], algorithm, found))
  }
  return lines
}

/** Reads the trajectory once more: a rollout keeps neither entropies nor whole distributions. */
async function lookAgain(model: MiniLMM, { traces }: Trajectory): Promise<Found> {
  const batch = traces.map(({ prompt, generation, banned }) => ({
    prompt,
    response: generation.tokens,
    banned,
  }))
  const { entropy, logits } = tf.tidy(() => {
    const { entropy, logits } = model.inspect(batch)
    return { entropy, logits }
  })
  const found = {
    entropy: await entropy.data<'float32'>(),
    logits: await logits.data<'float32'>(),
  }
  tf.dispose([entropy, logits])
  return found
}

function lineOf(
  model: MiniLMM,
  { traces, rewards, values }: Trajectory,
  { episode, seat, actions, terms }: Recorded,
  { used, turns }: Credit,
  { name, credit = CREDITS_OF[name][0] }: Algorithm,
  found: Found,
): CreditLine {
  const size = model.vocabulary.length
  const weigh = weigher(model, actions)
  const answer = model.words.special('<answer>')
  let room = ROOM
  let from = 0
  const told = traces.map(({ generation: { tokens, logprobs } }, t): CreditTurn => {
    const start = from
    from += tokens.length
    const paid = { reward: rewards[t], terms: terms[t] }
    const begin = tokens.indexOf(answer) + 1
    const places = begin > 0 ? weigh.places(tokens, begin) : []
    const needed = tokens.length * 6 * NUMBER + places.length * actions.length * 2 * NUMBER
    room -= needed
    if (room < 0) return paid
    return {
      ...paid,
      tokens: Array.from(tokens, (token) => model.vocabulary[token]),
      logprobs: short(logprobs),
      entropy: short(found.entropy.subarray(start, from)),
      values: short(values[t]),
      returns: short(turns[t].returns),
      advantages: short(turns[t].advantages),
      actions: places.map((at) =>
        weigh.actions(found.logits.subarray((start + at) * size, (start + at + 1) * size)),
      ),
    }
  })
  const figures = figuresOf(traces, values, turns)
  return { episode, seat, ...figures, algorithm: name, credit, used, turns: told }
}

/** Means over all words of a trajectory. */
function figuresOf(
  traces: Trajectory['traces'],
  values: Trajectory['values'],
  turns: Credit['turns'],
): CreditFigures {
  let words = 0
  let surprise = 0
  let squared = 0
  let advantage = 0
  for (const [t, { generation }] of traces.entries()) {
    const { advantages, returns } = turns[t]
    for (let i = 0; i < generation.tokens.length; i++) {
      words++
      surprise -= generation.logprobs[i]
      const error = returns[i] - values[t][i]
      squared += error * error
      advantage += advantages[i]
    }
  }
  const mean = (sum: number) => rounded(sum / Math.max(1, words))
  return {
    surprise: mean(surprise),
    valueError: rounded(Math.sqrt(squared / Math.max(1, words))),
    advantage: mean(advantage),
  }
}

/** Finds the places of an answer where a word is an action, and weighs all actions there. */
function weigher({ words }: MiniLMM, actions: readonly string[]) {
  const nameOf = new Map(actions.map((name) => [name.toLowerCase(), name]))
  const known = words.words.map((word) => nameOf.get(word.toLowerCase()))
  const end = words.special('</answer>')
  return {
    places: (tokens: Int32Array, begin: number): number[] => {
      const found: number[] = []
      for (let at = begin; at < tokens.length && tokens[at] !== end; at++)
        if (known[tokens[at]] !== undefined) found.push(at)
      return found
    },
    actions: (logits: Float32Array): Record<string, number> => {
      let most = Number.NEGATIVE_INFINITY
      for (const logit of logits) if (logit > most) most = logit
      let total = 0
      for (const logit of logits) total += exp(logit - most)
      const all = most + log(total)
      const map: Record<string, number> = {}
      for (const [token, name] of known.entries())
        if (name !== undefined) map[name] = rounded((map[name] ?? 0) + exp(logits[token] - all))
      return map
    },
  }
}

const short = (numbers: ArrayLike<number>): number[] => Array.from(numbers, rounded)

/** Five digits: more than anybody reads, and the same in every engine. */
const rounded = (x: number): number => Number(x.toPrecision(5))
