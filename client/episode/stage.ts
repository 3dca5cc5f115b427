import { type Board, createBoard } from '../board/board.ts'
import { Lens } from '../board/lens.ts'
import { fill, h, say } from '../ui/dom.ts'
import { icon } from '../ui/icon.ts'
import type { Binding } from '../ui/keys.ts'
import { Signal } from '../ui/signal.ts'
import { Camera } from './camera.ts'
import type { Film } from './film.ts'
import type { Player } from './player.ts'
import { scoreLine } from './scoreboard.ts'

/** Whether boards also show what their agents do not see. */
const overlay = new Signal(true)
/** Whether the camera follows; as the game and the screen suggest until somebody says. */
const following = new Signal<boolean | null>(null)
/** A whole pitch is too small to be seen on these. */
const small = matchMedia('(max-width: 640px)')

/** Seconds of a match that are shown again, and how fast. */
const AGAIN = 4
const SLOWLY = 0.5

function toggleOverlay(): void {
  overlay.value = !overlay.value
}

/** The place of an episode's board: how it stands above it, what happens over it, buttons in its corner. */
export interface Stage {
  readonly element: HTMLElement
  readonly board: Board
  /** Over the board: why it is not drawn. */
  readonly veil: HTMLElement
  /** Buttons in the corner. */
  readonly tools: HTMLElement
  /** Keys of what the film's game can show; known once its start is. */
  keys(): readonly Binding[]
  /** `moments` are named over the board. */
  show(t: number, seat: number, moments: readonly string[]): void
  dispose(): void
}

/** An empty one; `again` is called when it must be shown anew. */
export function createStage(film: Film, player: Player, again: () => void): Stage {
  const board = createBoard('Board')
  const camera = new Camera()
  const lens = new Lens()
  const score = scoreLine(film)
  const toggleCamera = () => {
    following.value = cameraButton.getAttribute('aria-pressed') !== 'true'
  }
  const overlayButton = h(
    'button',
    { class: 'button square', title: 'What only people see (O)', onclick: toggleOverlay },
    icon('layers'),
  )
  overlayButton.setAttribute('aria-label', 'Show what only people see')
  const cameraButton = h(
    'button',
    { class: 'button square', title: 'Follow what happens (C)', hidden: true, onclick: toggleCamera },
    icon('focus'),
  )
  cameraButton.setAttribute('aria-label', 'Follow what happens')
  const tools = h('div', { class: 'stage-tools' }, cameraButton, overlayButton)
  const veil = h('div', { class: 'stage-note' })
  const named = h('span', { 'aria-hidden': 'true' })
  const slowly = h('button', { class: 'stage-again', onclick: () => replay() }, icon('undo'), 'Again, slowly')
  const moment = h('div', { class: 'stage-moment', hidden: true }, named, slowly)
  const element = h('div', { class: 'stage panel' }, score.element, board.element, tools, moment, veil)

  let back: (() => void) | null = null
  /** Plays the last seconds once more at half speed, then goes on as before. */
  const replay = () => {
    back?.()
    const [until, speed] = [player.at.value, player.speed.value]
    player.seek(Math.max(0, until - Math.round(AGAIN * film.pace)))
    player.speed.value = SLOWLY
    player.playing.value = true
    player.wake()
    const stop = player.at.watch((t) => {
      if (t >= until) back?.()
    })
    back = () => {
      stop()
      back = null
      player.speed.value = speed
    }
  }

  let looked: boolean | null = null
  const stops = [
    overlay.watch((on) => {
      overlayButton.setAttribute('aria-pressed', String(on))
      again()
    }),
    following.watch(again),
    lens.changes.watch(again),
    lens.bind(board.element),
  ]
  return {
    element,
    board,
    veil,
    tools,
    keys: () => [
      ...(film.env?.overlay
        ? [{ keys: ['o', 'O'], label: 'Show what only people see', run: toggleOverlay }]
        : []),
      ...(film.env?.focus ? [{ keys: ['c', 'C'], label: 'Follow what happens', run: toggleCamera }] : []),
    ],
    show(t, seat, moments) {
      const scene = film.stage(t, seat, overlay.value)
      const focus = film.focus(t, seat)
      cameraButton.hidden = !focus
      overlayButton.hidden = film.env?.overlay === undefined
      score.show(t, seat)
      say(named, moments.join(' · '))
      moment.hidden = moments.length === 0
      slowly.hidden = !film.hurried || back !== null
      if (!scene) return
      const near = focus && (following.value ?? (focus.follow || small.matches))
      cameraButton.setAttribute('aria-pressed', String(Boolean(near)))
      if (near !== looked) camera.reset()
      looked = near
      board.element.classList.toggle('closer', lens.zoom > 1)
      const seen = near ? camera.see(scene, focus, t) : scene
      board.show(lens.see(seen), Math.min(260, player.stepTime))
    },
    dispose() {
      for (const stop of stops) stop()
      fill(element)
      board.dispose()
    },
  }
}
