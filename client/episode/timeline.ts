import { fill, h, say } from '../ui/dom.ts'
import { icon } from '../ui/icon.ts'
import type { Binding } from '../ui/keys.ts'
import { theme, token } from '../ui/theme.ts'
import { fitted } from './canvas.ts'
import type { Mark, Tape } from './film.ts'
import { Jumps } from './jump.ts'
import { createLanes } from './lanes.ts'
import type { Player } from './player.ts'
import { pointOn } from './pointing.ts'
import { Scale } from './scale.ts'
import { placeScrubber, scrubber } from './scrubber.ts'

/** All steps, or some of them: where one is, where turns begin, what happened, and curves on the same scale. */
export interface Timeline {
  /** The bar one scrubs on. */
  readonly element: HTMLElement
  /** Buttons that zoom and loop. */
  readonly tools: HTMLElement
  /** Below it: a lane for every kind of moment, then what was added. */
  readonly tracks: HTMLElement
  readonly scale: Scale
  readonly keys: readonly Binding[]
  /** Whether moments of this kind are shown. */
  shows(name: string): boolean
  /** Draws what there is now. */
  refresh(): void
  dispose(): void
}

/** Room (pixels) that every moment on the bar has at least. */
const CROWD = 10

/** How much closer one press of a zoom key comes. */
const ZOOM = 0.5

/** Scrubs `player`. */
export function createTimeline(film: Tape, player: Player): Timeline {
  const scale = new Scale()
  const jumps = new Jumps(film, player)
  const canvas = h('canvas', { class: 'track', 'aria-hidden': 'true' })
  const range = scrubber(player, 'scrub')
  const place = h('output', { class: 'place mono' })
  const tool = (mark: 'minus' | 'plus' | 'loop', label: string, keys: string, run: () => void) =>
    h(
      'button',
      { class: 'button quiet square', 'aria-label': label, title: `${label} (${keys})`, onclick: run },
      icon(mark),
    )
  const zoom = (factor: number) => scale.zoom(factor, player.at.value)
  const toggleLoop = () => {
    const { from, to } = scale.span.value
    player.loop.value = player.loop.value ? null : { from: Math.floor(from), to: Math.ceil(to) }
    player.wake()
  }
  const closer = tool('plus', 'Zoom in', '+', () => zoom(ZOOM))
  const wider = tool('minus', 'Zoom out', '−', () => zoom(1 / ZOOM))
  const looper = tool('loop', 'Play what is shown round and round', 'L', toggleLoop)
  const lanes = createLanes(film, scale, {
    next: (name) => jumps.go(1, (mark) => mark.name === name),
    changed: () => refresh(),
  })
  const head = h('i', { class: 'head-line' })
  const box = h('div', { class: 'track-box' }, canvas, range)
  const element = h('div', { class: 'timeline' }, place, box)
  const tools = h('div', { class: 'timeline-tools' }, wider, closer, looper)
  const tracks = h('section', { class: 'panel tracks', 'aria-label': 'Timeline' }, lanes.element, head)
  const stopPointing = [box, tracks].map((over) => pointOn(over, film, player, scale))

  const refresh = () => {
    scale.grow(film.length)
    const { from, to } = scale.span.value
    range.min = String(Math.ceil(from))
    range.max = String(Math.floor(to))
    wider.disabled = scale.whole
    lanes.refresh()
    tracks.hidden = film.marks.length === 0 && tracks.querySelector('.curve:not([hidden])') === null
    draw(canvas, film, scale, lanes.colours())
    showPlace()
  }
  const showPlace = () => {
    const t = player.at.value
    placeScrubber(range, t, film.length)
    say(place, `${t} / ${film.length}`)
    const { from, to } = scale.span.value
    head.hidden = t < from || t > to
    head.style.setProperty('--at', String(to > from ? (t - from) / (to - from) : 0))
  }

  const observer = new ResizeObserver(refresh)
  observer.observe(canvas)
  const stops = [
    theme.watch(() => requestAnimationFrame(refresh)),
    scale.span.watch(() => requestAnimationFrame(refresh)),
    player.at.watch((t) => {
      scale.follow(t)
      showPlace()
    }),
    player.loop.watch((loop) => looper.setAttribute('aria-pressed', String(loop !== null))),
    ...stopPointing,
  ]
  const shown = (mark: Mark) => lanes.shows(mark.name)
  return {
    element,
    tools,
    tracks,
    scale,
    keys: [
      { keys: ['.'], label: 'To the next moment', run: () => jumps.go(1, shown) },
      { keys: [','], label: 'To the moment before', run: () => jumps.go(-1, shown) },
      { keys: ['+', '='], label: 'Zoom in on the timeline', run: () => zoom(ZOOM) },
      { keys: ['-'], label: 'Zoom out', run: () => zoom(1 / ZOOM) },
      { keys: ['0'], label: 'The whole timeline', run: () => scale.all() },
      { keys: ['l', 'L'], label: 'Play what is shown round and round', run: toggleLoop },
    ],
    shows: (name) => lanes.shows(name),
    refresh,
    dispose() {
      observer.disconnect()
      for (const stop of stops) stop()
      fill(tracks)
    },
  }
}

function draw(
  canvas: HTMLCanvasElement,
  film: Tape,
  scale: Scale,
  colours: ReadonlyMap<string, string>,
): void {
  const place = fitted(canvas)
  if (!place) return
  const { context, width, height } = place
  const { from, to } = scale.span.value
  const bar = 8
  const top = (height - bar) / 2
  context.fillStyle = token('--raised')
  context.fillRect(0, top, width, bar)
  const turns = film.turns.filter(({ t }) => t >= from && t <= to)
  // Turns are told apart by their shade, as long as they can be.
  if (turns.length < width / 3) {
    context.fillStyle = token('--line-strong')
    for (const [index, turn] of film.turns.entries()) {
      const begin = Math.max(0, scale.x(turn.t, width))
      const end = Math.min(width, scale.x(film.turns[index + 1]?.t ?? film.length, width))
      if (end <= begin) continue
      if (index % 2 === 1) context.fillRect(begin, top, end - begin, bar)
      context.fillRect(begin - 0.5, top - 2, 1, bar + 4)
    }
  }
  // Where they crowd, only the lanes below tell them apart.
  const few = film.marks.length < width / CROWD ? film.marks : []
  for (const { t, name } of few) {
    const colour = colours.get(name)
    if (colour === undefined || t < from || t > to) continue
    context.fillStyle = token(colour)
    context.beginPath()
    context.arc(scale.x(t, width), top - 6, 3, 0, 7)
    context.fill()
  }
  const { difference } = film.replay
  if (difference && difference.t >= from && difference.t <= to) {
    context.fillStyle = token('--bad')
    context.fillRect(scale.x(difference.t, width) - 1, 0, 2, height)
  }
}
