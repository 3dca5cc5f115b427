import { createCanvas, loadImage } from 'canvas'
import { png } from '#agent/hosts/node/png'
import { seeded } from '#core/base/random'
import { rasterize } from '#core/draw/rasterize'
import type { Scene } from '#core/draw/scene'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'

/** Some steps of an episode of which a scripted agent plays seat 0. */
export interface Moments {
  readonly config: Readonly<Record<string, unknown>>
  readonly seed: string
  readonly agent: string
  /** Ascending; step 0 is the start. */
  readonly steps: readonly number[]
}

const COLUMNS = 3
/** Width of one of them and the gap between two, in pixels. */
const WIDTH = 340
const GAP = 4

/** They as people watch them, row by row, each where the camera is and with its number, as the bytes of a PNG. */
export async function drawMoments(env: Env, moments: Moments): Promise<Buffer> {
  const views = viewsOf(env, moments)
  const height = Math.round((WIDTH * views[0].height) / views[0].width)
  const place = (i: number, size: number) => i * (size + GAP)
  const canvas = createCanvas(
    place(COLUMNS, WIDTH) - GAP,
    place(Math.ceil(views.length / COLUMNS), height) - GAP,
  )
  const context = canvas.getContext('2d')
  for (const [i, view] of views.entries()) {
    // Twice as many pixels, made half: edges are smooth.
    const image = await loadImage(Buffer.from(png(rasterize(view, 2 * WIDTH, 2 * height))))
    context.drawImage(image, place(i % COLUMNS, WIDTH), place(Math.floor(i / COLUMNS), height), WIDTH, height)
  }
  return canvas.toBuffer('image/png')
}

/** @throws Error when the episode ends before the last of the steps. */
function viewsOf(env: Env, { config, seed, agent, steps }: Moments): Scene[] {
  const resolved = env.config.parse(resolveConfig(env, config))
  const scripted = env.policies?.[agent](resolved)
  if (!scripted) throw new Error(`no agent ${agent}`)
  const s = env.reset(resolved, seed)
  const random = seeded(`${seed}/0`)
  const views = steps[0] === 0 ? [viewOf(env, s)] : []
  while (!s.terminated && !s.truncated && views.length < steps.length) {
    for (const action of scripted.act(s, 0, random)) {
      const { t } = s
      env.step(s, [action])
      if (s.t > t && steps.includes(s.t)) views.push(viewOf(env, s))
    }
  }
  if (views.length < steps.length) throw new Error(`it ends at step ${s.t}, before ${steps.at(-1)}`)
  return views
}

/** What the camera shows of the stage, and the number of the step. */
function viewOf(env: Env, s: ReturnType<Env['reset']>): Scene {
  const whole = (env.stage ?? env.scene)(s, 0)
  const { x, y, width, height } = env.focus?.(s, 0) ?? { x: 0, y: 0, ...whole }
  const items = whole.items.map((item) => ({ ...item, x: item.x - x, y: item.y - y }))
  const size = Math.round(height / 16)
  const number = {
    kind: 'text',
    x: 0,
    y: 0,
    size,
    text: `step ${s.t}`,
    align: 'left',
    fill: 0xffffff,
  } as const
  return {
    width,
    height,
    background: whole.background,
    items: [...items, { id: 'step', x: size / 2, y: size / 2, shapes: [number] }],
  }
}
