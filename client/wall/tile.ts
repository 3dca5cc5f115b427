import type { EpisodeSummary } from '#core/record/wire'
import { createBoard } from '../board/board.ts'
import { Camera } from '../episode/camera.ts'
import type { Film } from '../episode/film.ts'
import { acquireFilm } from '../episode/films.ts'
import { Player } from '../episode/player.ts'
import { address } from '../net/router.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count, signed, words } from '../ui/format.ts'
import { agentsLine, outcomeChip } from '../ui/summary.ts'

/** One board of the wall. */
export interface Tile {
  readonly id: string
  /** The episode as it was when it got its place. */
  readonly summary: EpisodeSummary
  /** It was live when it got its place. */
  readonly live: boolean
  readonly element: HTMLElement
  /** Width over height of what it shows; 0 until it is known. */
  ratio(): number
  /** When its episode was shown to its end, in milliseconds of `performance.now()`; 0 until then. */
  finished(): number
  dispose(): void
}

/** A board that follows an episode while it is played, or plays a finished one from its start. */
export function createTile(summary: EpisodeSummary, changed: () => void): Tile {
  const board = createBoard(`${summary.env} played by ${summary.agents.join(', ')}`)
  const badge = h('span', { class: 'tile-badge' })
  const figures = h('span', { class: 'tile-figures' })
  const problem = h('span', { class: 'tile-problem muted small' })
  const standing = h(
    'span',
    { class: 'tile-standing' },
    summary.live ? outcomeChip() : h('span', { class: 'chip' }, 'replay'),
  )
  const where = [summary.stage, summary.update === undefined ? null : `update ${summary.update}`]
  const element = h(
    'a',
    { class: 'tile', href: address('episode', summary.id), 'data-episode': summary.id },
    h('span', { class: 'tile-board' }, board.element, badge, problem),
    h('span', { class: 'tile-line' }, h('strong', null, agentsLine(summary.agents)), standing),
    h(
      'span',
      { class: 'tile-line muted' },
      h('span', { class: 'tile-where' }, where.filter(Boolean).join(' · ')),
      figures,
    ),
  )
  const { film, release } = acquireFilm(summary.id)
  const player = new Player(film)
  const camera = new Camera()
  let ratio = 0
  let finished = 0
  let total = 0
  let counted = 0

  const show = () => {
    const t = player.at.value
    // Where little happens on a large pitch, what happens is worth the tile; a whole pitch is plainer to be readable.
    const focus = film.focus(t, 0)
    const fine = focus?.follow !== false ? film.stage(t, 0) : film.scene(t, 0)
    const scene = fine && focus?.follow ? camera.see(fine, focus, t) : fine
    if (!scene) {
      say(problem, film.problem ?? '')
      return
    }
    board.show(scene, Math.min(240, player.stepTime))
    if (ratio !== scene.width / scene.height) {
      ratio = scene.width / scene.height
      changed()
    }
    if (t < counted) counted = total = 0
    for (; counted < t; counted++) total += film.steps[counted].rewards[0]
    say(figures, `${count(t, 'step')} · ${signed(total)}`)
    element.dataset.step = String(t)
    if (film.end && t >= film.length && finished === 0) {
      finished = performance.now()
      fill(standing)
      fill(badge, outcomeChip(film.end))
      element.classList.add('done')
      changed()
    }
  }

  const begin = () => {
    // Who comes late begins at the newest state of a live episode.
    if (film.live) player.seek(film.length)
    player.follow.value = film.live
    player.playing.value = true
    player.wake()
  }
  let begun = false
  const stopFilm = film.changes.watch(() => {
    if (!begun && film.start) {
      begun = true
      begin()
    }
    if (!player.playing.value && player.at.value < film.length) player.playing.value = true
    player.wake()
    show()
  })
  const stopPlayer = player.at.watch(show)

  return {
    id: summary.id,
    summary,
    live: summary.live,
    element,
    ratio: () => ratio,
    finished: () => finished,
    dispose() {
      stopPlayer()
      stopFilm()
      player.dispose()
      board.dispose()
      release()
      element.remove()
    },
  }
}

/** Title of a film for people: the preset's name, else the game's. */
export function gameName({ start }: Film): string {
  const preset = start?.config.preset
  return typeof preset === 'string' ? words(preset) : (start?.env ?? '')
}
