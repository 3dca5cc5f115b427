import { hashBytes, hashText } from '#core/base/hash'
import { append } from '#core/base/lists'
import { playExpert, playRandom, type Subject, sights, subjectOf } from '#core/check/support'
import type { Env, State } from '#core/env/env'
import { play } from '#core/play/play'
import { Conversation } from '#core/play/policy'
import { hashState } from '#core/record/differences'
import { writeLine } from '#core/record/jsonl'
import { random } from '../policies/plain.ts'

/** Steps of an episode, and after how many what is seen is looked at. */
const STEPS = 40
const LOOK = 10

/** Where a game's bits come to light, a hash each. */
export type GameHashes = Record<'states' | 'sights' | 'tensors' | 'record', string>

/** How an example of a game plays: one episode at random, one of its expert where it has one, one recorded. */
export async function gameHashes(env: Env, example: object): Promise<GameHashes> {
  const subject = subjectOf(env, example)
  const states: string[] = []
  const seen: string[] = []
  const tensors: string[] = []
  const look = (state: State): void => {
    states.push(hashState(env, state))
    if (state.t % LOOK !== 0) return
    seen.push(JSON.stringify(sights(subject, state)))
    append(tensors, tensorsOf(subject, state))
  }
  playRandom(subject, 'golden', STEPS, look)
  playExpert(subject, 'golden', STEPS, look)
  return {
    states: hashText(states.join(' ')),
    sights: hashText(seen.join(' ')),
    tensors: hashText(tensors.join(' ')),
    record: hashText(await recordOf(subject)),
  }
}

/** Hashes of the planes that a game has for every seat. */
export function tensorsOf({ env, seats }: Subject, state: State): string[] {
  return Object.entries(env.tensors ?? {}).flatMap(([name, tensor]) =>
    Array.from({ length: seats }, (_, seat) => {
      const { shape, dtype, write } = tensor
      const size = shape(state.config).reduce((product, length) => product * length, 1)
      const out = dtype === 'float32' ? new Float32Array(size) : new Uint8Array(size)
      write(state, seat, out, 0)
      return `${name} ${hashBytes(new Uint8Array(out.buffer))}`
    }),
  )
}

/** A recorded episode as its lines: with seeds, what every turn saw, rewards and outcome. */
async function recordOf({ env, config, seats }: Subject): Promise<string> {
  const lines: string[] = []
  const policies = Array.from({ length: seats }, () => random)
  const conversation = Conversation.parse({ modality: 'both', maxTurns: STEPS })
  const match = { episode: 'golden', env, config, seed: 'golden', policies, conversation }
  await play([match], { onEvent: (event) => lines.push(writeLine(event)) })
  // The release is in the first line, and changes no bit.
  return lines.join('').replace(/"kickpush":"[^"]*"/, '')
}
