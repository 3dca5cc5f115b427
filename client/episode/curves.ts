import { fill, h, say } from '../ui/dom.ts'
import { signed } from '../ui/format.ts'
import { theme, token } from '../ui/theme.ts'
import type { Film } from './film.ts'
import type { Player } from './player.ts'

/** One line: `at[t]` after t steps; NaN where there is nothing. */
interface Curve {
  readonly name: string
  readonly colour: string
  readonly at: readonly number[]
}

/** The agent's value and the running sums of every reward term, on the timeline's own scale. */
export interface Curves {
  readonly element: HTMLElement
  /** Draws what `seat` has earned so far. */
  refresh(seat: number): void
  dispose(): void
}

/** Follows `player`. */
export function createCurves(film: Film, player: Player): Curves {
  const canvas = h('canvas', { class: 'curves', 'aria-hidden': 'true' })
  const legend = h('div', { class: 'row curve-legend' })
  const element = h('section', { class: 'panel side', 'aria-label': 'Rewards and value' }, legend, canvas)
  let curves: readonly Curve[] = []
  let values: HTMLElement[] = []
  let names = ''
  let seatShown = 0

  const draw = () => {
    for (const [index, curve] of curves.entries()) {
      const value = curve.at[Math.min(player.at.value, curve.at.length - 1)]
      say(values[index], Number.isFinite(value) ? signed(value) : '–')
    }
    paint(canvas, curves, film.length, player.at.value)
  }
  const refresh = (seat: number) => {
    seatShown = seat
    curves = gather(film, seat)
    const next = curves.map((curve) => curve.name).join('\n')
    if (next !== names) {
      names = next
      values = curves.map(() => h('b'))
      fill(
        legend,
        curves.map((curve, index) => {
          const dot = h('i', { class: 'dot' })
          dot.style.background = `var(${curve.colour})`
          return h('span', { class: 'small' }, dot, curve.name, ' ', values[index])
        }),
      )
    }
    draw()
  }
  const observer = new ResizeObserver(draw)
  observer.observe(canvas)
  const stopAt = player.at.watch(draw)
  const stopTheme = theme.watch(() => requestAnimationFrame(() => refresh(seatShown)))
  return {
    element,
    refresh,
    dispose() {
      observer.disconnect()
      stopAt()
      stopTheme()
    },
  }
}

function gather(film: Film, seat: number): Curve[] {
  const terms = new Map<string, number[]>()
  const total = [0]
  for (const [index, step] of film.steps.entries()) {
    total.push(total[index] + (step.rewards[seat] ?? 0))
    for (const name of Object.keys(step.terms[seat] ?? {})) if (!terms.has(name)) terms.set(name, [0])
  }
  for (const [name, at] of terms)
    for (const [index, step] of film.steps.entries()) at.push(at[index] + (step.terms[seat]?.[name] ?? 0))
  const curves: Curve[] = [{ name: 'return', colour: '--accent', at: total }]
  const value = new Array<number>(film.steps.length + 1).fill(Number.NaN)
  let valued = false
  for (const turn of film.turns) {
    if (turn.seat !== seat || turn.value === undefined) continue
    valued = true
    value.fill(turn.value, turn.t)
  }
  if (valued) curves.push({ name: 'value', colour: '--info', at: value })
  if (terms.size > 1)
    for (const [name, at] of terms)
      curves.push({ name, colour: `--series-${[3, 4, 5, 6, 7, 8][(curves.length - 1) % 6]}`, at })
  return curves
}

function paint(canvas: HTMLCanvasElement, curves: readonly Curve[], length: number, t: number): void {
  const ratio = devicePixelRatio
  const width = Math.round(canvas.clientWidth * ratio)
  const height = Math.round(canvas.clientHeight * ratio)
  const context = canvas.getContext('2d')
  if (!context || width === 0) return
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.clearRect(0, 0, width, height)
  let low = 0
  let high = 0
  for (const { at } of curves)
    for (const value of at) {
      if (value < low) low = value
      if (value > high) high = value
    }
  if (high === low) high = low + 1
  const pad = 6 * ratio
  const x = (step: number) => ratio + (length === 0 ? 0 : step / length) * (width - 2 * ratio)
  const y = (value: number) => pad + ((high - value) / (high - low)) * (height - 2 * pad)
  context.strokeStyle = token('--line')
  context.lineWidth = ratio
  context.strokeRect(0, Math.round(y(0)) + 0.5, width, 0)
  context.lineJoin = 'round'
  for (const [index, { colour, at }] of [...curves.entries()].reverse()) {
    context.strokeStyle = token(colour)
    context.lineWidth = (index === 0 ? 2 : 1.4) * ratio
    context.beginPath()
    let open = false
    for (let step = 0; step < at.length && step <= length; step++) {
      if (Number.isNaN(at[step])) continue
      if (open) context.lineTo(x(step), y(at[step]))
      else context.moveTo(x(step), y(at[step]))
      open = true
    }
    context.stroke()
  }
  context.fillStyle = token('--text')
  context.globalAlpha = 0.55
  context.fillRect(x(t) - ratio / 2, 0, ratio, height)
  context.globalAlpha = 1
}
