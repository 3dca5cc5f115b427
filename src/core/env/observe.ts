import { hashFrame, hashText } from '../base/hash.ts'
import { rasterize } from '../draw/rasterize.ts'
import type { Frame } from '../draw/scene.ts'
import type { Modality, Observation } from '../play/policy.ts'
import type { Env, State } from './env.ts'

/**
 * What `seat` gets to see of `state`.
 * @param out is painted over when the modality has a frame.
 */
export function observe(env: Env, state: State, seat: number, modality: Modality, out?: Frame): Observation {
  if (modality === 'text') return { text: env.text(state, seat) }
  const { width, height } = env.frame(state.config)
  const frame = rasterize(env.scene(state, seat), width, height, out)
  return modality === 'frame' ? { frame } : { text: env.text(state, seat), frame }
}

/** The hash of an observation: of its text, of its frame's pixels, or of both hashes. */
export function hashObservation({ text, frame }: Observation): string {
  if (!frame) return hashText(text ?? '')
  return text === undefined ? hashFrame(frame) : hashText(hashText(text) + hashFrame(frame))
}
