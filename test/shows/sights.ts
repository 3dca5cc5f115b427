import { type Jitter, jitterFrame } from '#agent/model/augment'
import { type Random, seeded } from '#core/base/random'
import type { Frame } from '#core/draw/scene'
import { observe } from '#core/env/observe'
import type { Level } from '#core/play/match'
import type { Policy } from '#core/play/policy'

/** A frame with other pixels. */
export type Change = (frame: Frame, random: Random) => Frame

const NONE: Jitter = { brightness: 0, tint: 0, noise: 0, shift: 0 }

const jittered =
  (jitter: Partial<Jitter>): Change =>
  (frame, random) =>
    jitterFrame(frame, random, { ...NONE, ...jitter })

/** Each pixel by how light it is. */
export const grey: Change = ({ width, height, data }) => ({
  width,
  height,
  data: data.map((_, i) => {
    const pixel = i - (i % 3)
    return Math.round(0.299 * data[pixel] + 0.587 * data[pixel + 1] + 0.114 * data[pixel + 2])
  }),
})

export const CHANGES: Readonly<Record<string, Change>> = {
  'as they are': (frame) => frame,
  'one pixel to the right': ({ width, height, data }) => ({
    width,
    height,
    data: data.map((_, i) => data[i % (3 * width) < 3 ? i : i - 3]),
  }),
  'in grey': grey,
  'brighter or darker by up to 48': jittered({ brightness: 48 }),
  'noisy by up to 64': jittered({ noise: 64 }),
  'with red and blue exchanged': ({ width, height, data }) => ({
    width,
    height,
    data: data.map((_, i) => data[i - (i % 3) + 2 - (i % 3)]),
  }),
  'upside down in each cell': ({ width, height, data }) => ({
    width,
    height,
    data: data.map((_, i) => {
      const y = Math.floor(i / (3 * width))
      return data[i + 3 * width * (15 - 2 * (y % 16))]
    }),
  }),
  blank: ({ width, height, data }) => ({ width, height, data: new Uint8Array(data.length).fill(128) }),
}

/** Shows a policy changed frames: each turn of each episode in its own way. */
export const changed = (policy: Policy, change: Change): Policy => ({
  id: policy.id,
  act: (requests) =>
    policy.act(
      requests.map((request) => {
        const { frame } = request.observation
        if (!frame) return request
        const random = seeded(`${request.episode}/${request.turn}`)
        return { ...request, observation: { ...request.observation, frame: change(frame, random) } }
      }),
    ),
})

/** Shows a policy the beginning of the next level in the place of a request's own text or frame. */
export function swapped(policy: Policy, levels: readonly Level[], what: 'text' | 'frame'): Policy {
  const starts = levels.map(({ env, config, seed }) => observe(env, env.reset(config, seed), 0, what))
  return {
    id: policy.id,
    act: (requests) =>
      policy.act(
        requests.map((request) => {
          const index = Number(request.episode.split('-').at(-1))
          const other = starts[(index + 1) % starts.length]
          return { ...request, observation: { ...request.observation, [what]: other[what] } }
        }),
      ),
  }
}
