import type { CreditTurn } from '#core/record/credit'
import type { TurnEvent } from '#core/record/record'
import { fill, h, say } from '../ui/dom.ts'
import { number, signed } from '../ui/format.ts'
import { theme, token } from '../ui/theme.ts'
import { fitted } from './canvas.ts'
import { advantageOf } from './credit.ts'
import type { Film } from './film.ts'
import type { Player } from './player.ts'
import type { Scale } from './scale.ts'

/** One line: `at[t]` after t steps; NaN where there is nothing. */
interface Curve {
  readonly name: string
  readonly colour: string
  readonly at: readonly number[]
}

/** Curves in one unit, on one axis. */
interface Plot {
  readonly elements: readonly HTMLElement[]
  take(curves: readonly Curve[]): void
  draw(): void
  /** Says the values at the player's step. */
  say(): void
}

/** What was earned and what was expected, each on an axis of its own, on the timeline's scale. */
export interface Curves {
  /** Goes into the timeline's tracks. */
  readonly elements: readonly HTMLElement[]
  /** Draws what `seat` has earned so far. */
  refresh(seat: number): void
  /** Draws what the value head was to have said, and how much likelier turns were made, where training says. */
  credit(turns: (seat: number) => readonly CreditTurn[]): void
  /** Draws the regret after each step, where the game can tell. */
  judge(regret: readonly number[]): void
  dispose(): void
}

/** Follows `player`. The value is of another reward than the game's, so that the two are never on one axis. */
export function createCurves(film: Film, player: Player, scale: Scale): Curves {
  const earned = createPlot('Earned', 'Reward of the game so far, and its terms', player, scale)
  const expected = createPlot(
    'Expected',
    'What the agent expects of the reward it was trained on (not of the game’s)',
    player,
    scale,
  )
  const learnt = createPlot(
    'Advantage',
    'How much likelier training made what was written, by turn: below 0 less likely',
    player,
    scale,
  )
  let credited: (seat: number) => readonly CreditTurn[] = () => []
  const refresh = (seat: number) => {
    earned.take(earnings(film, seat))
    const turns = credited(seat)
    const targets = byTurn(film, seat, (turn) => turns[turn.turn]?.returns?.[0])
    const advantages = byTurn(film, seat, (turn) => {
      const found = turns[turn.turn]
      return found && advantageOf(found)
    })
    expected.take([
      ...named(
        'value',
        '--info',
        byTurn(film, seat, ({ value }) => value),
      ),
      ...named('target', '--series-5', targets),
    ])
    learnt.take(named('advantage', '--good', advantages))
    redraw()
  }
  const regret = createPlot('Regret', 'Steps more than the best player needs', player, scale)
  regret.take([])
  const plots = [earned, expected, learnt, regret]
  const redraw = () => {
    for (const plot of plots) plot.draw()
  }
  const observer = new ResizeObserver(redraw)
  observer.observe(earned.elements[2])
  const stops = [
    player.at.watch(() => {
      for (const plot of plots) plot.say()
    }),
    scale.span.watch(redraw),
    theme.watch(() => requestAnimationFrame(redraw)),
  ]
  return {
    elements: plots.flatMap(({ elements }) => elements),
    refresh,
    credit(turns) {
      credited = turns
    },
    judge(at) {
      regret.take([{ name: 'regret', colour: '--bad', at }])
      regret.draw()
    },
    dispose() {
      observer.disconnect()
      for (const stop of stops) stop()
    },
  }
}

function createPlot(title: string, about: string, player: Player, scale: Scale): Plot {
  const canvas = h('canvas', { class: 'curve', 'aria-hidden': 'true' })
  const legend = h('div', { class: 'row curve-legend' })
  const name = h('span', { class: 'curve-title', title: about }, title)
  const axis = h('div', { class: 'axis small muted', 'aria-hidden': 'true' })
  let shown: HTMLElement[] = []
  let names = ''
  let curves: readonly Curve[] = []
  let low = 0
  let high = 1
  const sayValues = () => {
    for (const [index, { at }] of curves.entries()) {
      const value = at[Math.min(player.at.value, at.length - 1)]
      say(shown[index], Number.isFinite(value) ? signed(value) : '–')
    }
  }
  return {
    elements: [h('div', { class: 'curve-head row' }, name, legend), axis, canvas],
    take(next) {
      curves = next
      const none = curves.length === 0
      for (const element of [canvas, axis, name.parentElement]) if (element) element.hidden = none
      if (none) return
      const list = curves.map((curve) => curve.name).join('\n')
      if (list !== names) {
        names = list
        shown = curves.map(() => h('b'))
        fill(
          legend,
          curves.map((curve, index) => {
            const dot = h('i', { class: 'dot' })
            dot.style.background = `var(${curve.colour})`
            return h('span', { class: 'small' }, dot, curve.name, ' ', shown[index])
          }),
        )
      }
      ;[low, high] = extent(curves)
      fill(axis, h('span', null, number(high)), h('span', null, number(low)))
      sayValues()
    },
    draw() {
      if (curves.length > 0) paint(canvas, curves, scale, low, high)
    },
    say: sayValues,
  }
}

/** Running sums: the return, and its terms where there are several. */
function earnings(film: Film, seat: number): Curve[] {
  const terms = new Map<string, number[]>()
  const total = [0]
  for (const [index, step] of film.steps.entries()) {
    total.push(total[index] + (step.rewards[seat] ?? 0))
    for (const name of Object.keys(step.terms[seat] ?? {})) if (!terms.has(name)) terms.set(name, [0])
  }
  for (const [name, at] of terms)
    for (const [index, step] of film.steps.entries()) at.push(at[index] + (step.terms[seat]?.[name] ?? 0))
  const colour = (index: number) => `--series-${[2, 3, 5, 6, 7, 8][index % 6]}`
  const parts = [...terms].map(([name, at], index) => ({ name, colour: colour(index), at }))
  return [{ name: 'return', colour: '--accent', at: total }, ...(parts.length > 1 ? parts : [])]
}

/** A number of each turn until the next; null where no turn has one. */
function byTurn(
  film: Film,
  seat: number,
  numberOf: (turn: TurnEvent) => number | undefined,
): readonly number[] | null {
  const at = new Array<number>(film.steps.length + 1).fill(Number.NaN)
  let found = false
  for (const turn of film.turns) {
    const value = turn.seat === seat ? numberOf(turn) : undefined
    if (value === undefined || Number.isNaN(value)) continue
    found = true
    at.fill(value, turn.t)
  }
  return found ? at : null
}

const named = (name: string, colour: string, at: readonly number[] | null): Curve[] =>
  at ? [{ name, colour, at }] : []

function extent(curves: readonly Curve[]): readonly [number, number] {
  let low = 0
  let high = 0
  for (const { at } of curves)
    for (const value of at) {
      if (value < low) low = value
      if (value > high) high = value
    }
  return high === low ? [low, low + 1] : [low, high]
}

function paint(
  canvas: HTMLCanvasElement,
  curves: readonly Curve[],
  scale: Scale,
  low: number,
  high: number,
): void {
  const place = fitted(canvas)
  if (!place) return
  const { context, width, height } = place
  const { from, to } = scale.span.value
  const pad = 5
  const y = (value: number) => pad + ((high - value) / (high - low)) * (height - 2 * pad)
  context.fillStyle = token('--line')
  context.fillRect(0, Math.round(y(0)), width, 1)
  context.lineJoin = 'round'
  for (const [index, { colour, at }] of [...curves.entries()].reverse()) {
    context.strokeStyle = token(colour)
    context.lineWidth = index === 0 ? 2 : 1.4
    context.beginPath()
    let open = false
    for (let step = Math.max(0, Math.floor(from)); step < at.length && step <= Math.ceil(to); step++) {
      if (Number.isNaN(at[step])) continue
      if (open) context.lineTo(scale.x(step, width), y(at[step]))
      else context.moveTo(scale.x(step, width), y(at[step]))
      open = true
    }
    context.stroke()
  }
}
