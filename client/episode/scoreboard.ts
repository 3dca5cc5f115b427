import type { Scoreboard, Side } from '#core/env/env'
import { fill, h } from '../ui/dom.ts'
import { words } from '../ui/format.ts'
import type { Film } from './film.ts'

/** Steps between two pictures of which one did not jump. */
const NEAR = 8

/** How a match stands, above its board: sides, points, clock, and who had the ball how long and how many shots. */
export function scoreLine(film: Film): {
  readonly element: HTMLElement
  show(t: number, seat: number): void
} {
  const element = h('div', { class: 'score', hidden: true })
  let shown = ''
  let before = ''
  let at = 0
  return {
    element,
    show(t, seat) {
      const state = film.state(t)
      const board = state ? film.env?.scoreboard?.(state, seat) : undefined
      element.hidden = !board
      if (!board) return
      const { held, attempts } = film.balance(t)
      const key = JSON.stringify([board, held, attempts])
      if (key === shown) return
      shown = key
      const [left, right] = board.sides
      const points = `${left.points} : ${right.points}`
      // Somebody scored just now, where one did not jump here.
      const pointed = before !== '' && points !== before && Math.abs(t - at) <= NEAR
      before = points
      at = t
      fill(
        element,
        side(film, left, board.holding === 0),
        h('span', { class: 'score-points', ...(pointed && { 'data-new': '' }) }, points),
        side(film, right, board.holding === 1),
        h(
          'span',
          { class: 'score-rest' },
          h('span', { class: 'score-clock' }, board.clock, board.note ? ` · ${board.note}` : ''),
          held[0] + held[1] > 0 && possession(board, held),
          attempts[0] + attempts[1] > 0 &&
            h('span', { class: 'score-attempts' }, `shots ${attempts[0]} : ${attempts[1]}`),
        ),
      )
    },
  }
}

/** The same in a line; null in games without sides. */
export function scoreText(film: Film, t: number): string | null {
  const state = film.state(t)
  const board = state ? film.env?.scoreboard?.(state) : undefined
  if (!board) return null
  const [left, right] = board.sides
  return `${named(film, left)}  ${left.points} : ${right.points}  ${named(film, right)}   ${board.clock}`
}

function named(film: Film, { seats }: Side): string {
  const agents = [...new Set(seats.map((seat) => film.start?.agents[seat] ?? ''))].filter(Boolean)
  return agents.length > 0 ? agents.map((agent) => words(agent)).join(', ') : 'the game'
}

function side(film: Film, one: Side, holding: boolean): HTMLElement {
  return h(
    'span',
    { class: 'score-side', ...(holding && { 'data-holding': '' }) },
    h('i', { class: 'score-shirt', style: `--shirt: #${one.colour.toString(16).padStart(6, '0')}` }),
    h('span', null, named(film, one)),
  )
}

/** Who had the ball, as a bar of both colours. */
function possession({ sides }: Scoreboard, [left, right]: readonly [number, number]): HTMLElement {
  const part = Math.round((100 * left) / (left + right))
  const bar = h('span', {
    class: 'score-bar',
    role: 'img',
    'aria-label': `had the ball: ${part} % to ${100 - part} %`,
    title: `had the ball: ${part} % to ${100 - part} %`,
  })
  const hex = (colour: number): string => `#${colour.toString(16).padStart(6, '0')}`
  bar.style.setProperty('--part', `${part}%`)
  bar.style.setProperty('--left', hex(sides[0].colour))
  bar.style.setProperty('--right', hex(sides[1].colour))
  return h('span', { class: 'score-held' }, `${part} %`, bar, `${100 - part} %`)
}
