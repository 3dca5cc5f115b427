import { join } from 'node:path'
import gifenc from 'gifenc'
import { png, rgba } from '#agent/hosts/node/png'
import { rasterize } from '#core/draw/rasterize'
import type { Frame } from '#core/draw/scene'
import type { Replay } from '#core/record/replay'
import { writeAside } from './io.ts'

const { GIFEncoder, quantize, applyPalette } = gifenc
const MOST_COLOURS = 256
/** Pause (ms) after each step of an animation of a game that waits for its player, and on the last picture. */
const STEP = 250
const LAST = 1500

/** One PNG per state of an episode: `0000.png` is the first. */
export async function writePngs(replay: Replay, folder: string, width: number): Promise<void> {
  for (const [t, frame] of frames(replay, width)) {
    await writeAside(join(folder, `${String(t).padStart(4, '0')}.png`), png(frame))
  }
}

/** An endless animation of an episode. */
export async function writeGif(replay: Replay, path: string, width: number): Promise<void> {
  const gif = GIFEncoder()
  const last = replay.state?.t ?? 0
  const step = replay.env?.pace ? 1000 / replay.env.pace : STEP
  for (const [t, frame] of frames(replay, width)) {
    const pixels = rgba(frame)
    const palette = quantize(pixels, MOST_COLOURS)
    gif.writeFrame(applyPalette(pixels, palette), frame.width, frame.height, {
      palette,
      delay: t === last ? LAST : step,
    })
  }
  gif.finish()
  await writeAside(path, gif.bytes())
}

function* frames(replay: Replay, width: number): Generator<[number, Frame]> {
  const { env, state } = replay
  if (!env || !state) return
  for (let t = 0; t <= state.t; t++) {
    const scene = env.scene(replay.stateAt(t), 0)
    yield [t, rasterize(scene, width, Math.max(1, Math.round((width * scene.height) / scene.width)))]
  }
}
