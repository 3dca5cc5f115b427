import { plainPainter } from '../board/plain.ts'
import { Camera } from '../episode/camera.ts'
import type { Film } from '../episode/film.ts'
import { scoreText } from '../episode/scoreboard.ts'

/** What of an episode is drawn, and how. */
export interface Cut {
  /** Steps, both included. */
  readonly from: number
  readonly to: number
  readonly seat: number
  /** Pixels across; even, as videos want it. */
  readonly width: number
  /** Times as fast as the episode's own pace. */
  readonly speed: number
  /** Pictures a second; those between two steps show the way from one to the other. */
  readonly rate: number
  /** Whether a camera follows what happens. */
  readonly near: boolean
}

/** How many pictures a cut has. */
export function picturesOf({ from, to, speed, rate }: Cut, pace: number): number {
  return Math.max(1, Math.ceil(((to - from) * rate) / (pace * speed)) + Math.round(rate / 2))
}

/** Draws the pictures of a cut one after the other into `canvas`. */
export function createReel(
  film: Film,
  cut: Cut,
): { readonly canvas: HTMLCanvasElement; draw(index: number): void } {
  const { from, to, seat, width, speed, rate, near } = cut
  const painter = plainPainter()
  const picture = painter.picture()
  const camera = new Camera()
  const board = document.createElement('canvas')
  const canvas = document.createElement('canvas')
  let at = -1
  const take = (t: number) => {
    const scene = film.stage(t, seat)
    if (!scene) return
    const focus = near ? film.focus(t, seat) : null
    const seen = focus ? camera.see(scene, focus, t) : scene
    const high = even((width * seen.height) / seen.width)
    const bar = scoreText(film, t) === null ? 0 : even(width / 16)
    if (canvas.width !== width || canvas.height !== high + bar) {
      board.width = canvas.width = width
      board.height = high
      canvas.height = high + bar
    }
    picture.show(seen, width / seen.width)
    at = t
  }
  take(from)
  return {
    canvas,
    draw(index) {
      const place = Math.min(to, from + (index * film.pace * speed) / rate)
      // The state that is arrived at, and how far on the way to it this picture is.
      const t = Math.min(to, Math.ceil(place))
      // Every step between is shown, so that cameras and tweens pass them.
      while (at < t) take(at + 1)
      picture.tween(t === place ? 1 : place - Math.floor(place))
      painter.paint([{ picture, canvas: board }])
      // A GIF reads every picture.
      const context = canvas.getContext('2d', { willReadFrequently: true })
      if (!context) return
      const bar = canvas.height - board.height
      context.drawImage(board, 0, bar)
      if (bar > 0) banner(context, scoreText(film, Math.floor(place)) ?? '', canvas.width, bar)
    },
  }
}

function banner(context: CanvasRenderingContext2D, text: string, width: number, height: number): void {
  context.fillStyle = '#0d1012'
  context.fillRect(0, 0, width, height)
  context.fillStyle = '#eaeeee'
  context.font = `600 ${Math.round(height * 0.55)}px ui-sans-serif, system-ui, sans-serif`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(text, width / 2, height / 2, width - 8)
}

function even(value: number): number {
  return Math.max(2, 2 * Math.round(value / 2))
}
