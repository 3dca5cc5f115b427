import { tInterval } from '../evaluation/statistics.ts'
import { originOf } from '../trainer/progress.ts'
import type { Recipe } from './recipe.ts'

/** RL episodes that an agent has learnt from, on text and on frames, with those of the stages it came from. */
export interface Learnt {
  readonly text: number
  readonly frame: number
}

/** What the model after `agent` has learnt from by RL; null where rewards of other episodes were part of it. */
export function learntBy(recipe: Recipe, agent: string): Learnt | null {
  const index = recipe.stages.findIndex(({ name }) => name === agent)
  if (index < 0) return { text: 0, frame: 0 }
  const stage = recipe.stages[index]
  const before = learntBy(recipe, originOf(recipe, index))
  if (!before || !('algorithm' in stage)) return before
  if (stage.shuffleRewards) return null
  const episodes = stage.updates * stage.groups * stage.groupSize
  return stage.conversation.modality === 'text'
    ? { ...before, text: before.text + episodes }
    : { ...before, frame: before.frame + episodes }
}

/** An agent's results: one share of levels solved per seed. */
export interface Played {
  readonly learnt: Learnt
  readonly shares: readonly number[]
}

const WIDTH = 720
const HEIGHT = 340
const MARGIN = { left: 60, right: 24, top: 56, bottom: 52 }
const COLOURS = ['#6b7280', '#2563eb', '#d97706', '#9333ea']

/**
 * The map of when stages pay: levels solved over the frame episodes of RL, one line for each number of text episodes that
 * came before; dots are trainings, a line goes through their means, bars are t intervals. SVG; undefined without two lines.
 */
export function courses(title: string, played: readonly Played[]): string | undefined {
  const lines = [...new Set(played.map(({ learnt }) => learnt.text))]
    .sort((a, b) => a - b)
    .map((text) => ({
      text,
      points: played
        .filter(({ learnt }) => learnt.text === text)
        .sort((a, b) => a.learnt.frame - b.learnt.frame),
    }))
  if (lines.length < 2) return undefined
  const all = played.flatMap(({ shares }) => shares.map((share) => 100 * share))
  const low = Math.max(0, 5 * Math.floor((all.reduce((a, b) => Math.min(a, b)) - 1) / 5))
  const high = Math.min(100, 5 * Math.ceil((all.reduce((a, b) => Math.max(a, b)) + 1) / 5))
  const most = played.reduce((frames, { learnt }) => Math.max(frames, learnt.frame), 0)
  // A root scale: few episodes are told apart, and none is there, too.
  const x = (episodes: number, line = 0): number =>
    MARGIN.left +
    12 +
    6 * line +
    (WIDTH - MARGIN.left - MARGIN.right - 40) * Math.sqrt(episodes / Math.max(1, most))
  const y = (percent: number): number =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * (percent - low)) / (high - low)
  const ticks = Array.from({ length: (high - low) / 5 + 1 }, (_, i) => low + 5 * i)
  const counts = [...new Set(played.map(({ learnt }) => learnt.frame))]
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${title}: levels solved over frame episodes of RL</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#e5e7eb"/>`,
      `<text x="${MARGIN.left - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#4b5563">${tick} %</text>`,
    ]),
    ...counts.map(
      (count) =>
        `<text x="${x(count).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle" fill="#4b5563">${count.toLocaleString('en')}</text>`,
    ),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="#4b5563">frame episodes of RL (root scale)</text>`,
    `<text x="16" y="20" font-size="14" fill="#111827">${title}: levels solved</text>`,
    ...lines.flatMap(({ text, points }, i) => {
      const said = text === 0 ? 'no RL on text before' : `after ${text.toLocaleString('en')} text episodes`
      const at = 16 + i * Math.min(200, Math.floor((WIDTH - 32) / lines.length))
      const colour = COLOURS[i % COLOURS.length]
      return [
        `<text x="${at}" y="40" fill="${colour}">${said}</text>`,
        ...drawn(points, colour, (count) => x(count, i), y),
      ]
    }),
  ].join('\n')}\n</svg>\n`
}

function drawn(
  points: readonly Played[],
  colour: string,
  x: (episodes: number) => number,
  y: (percent: number) => number,
): string[] {
  const means = points.map(({ shares, learnt }) => ({ ...tInterval(shares), at: x(learnt.frame).toFixed(1) }))
  const path = means.map(({ at, mean }) => `${at},${y(100 * mean).toFixed(1)}`).join(' ')
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.flatMap(({ shares }, i) =>
      shares.map(
        (share) =>
          `<circle cx="${means[i].at}" cy="${y(100 * share).toFixed(1)}" r="3" fill="${colour}" fill-opacity=".35"/>`,
      ),
    ),
    ...means
      .filter(({ low, high }) => Number.isFinite(low) && high > low)
      .map(
        ({ at, low, high }) =>
          `<line x1="${at}" x2="${at}" y1="${y(100 * low).toFixed(1)}" y2="${y(100 * high).toFixed(1)}" stroke="${colour}" stroke-width="2"/>`,
      ),
  ]
}
