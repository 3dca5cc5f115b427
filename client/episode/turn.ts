import type { TurnEvent } from '#core/record'
import { fill, h } from '../ui/dom.ts'
import { count, number, signed } from '../ui/format.ts'
import type { Film } from './film.ts'

/** What one agent said: its thought, its answer, how sure it was, and what came of it. */
export interface TurnPanel {
  readonly element: HTMLElement
  /** Shows the turn of `seat` that is in force after `t` steps. */
  show(t: number, seat: number): void
}

/** Reads from `film`. */
export function turnPanel(film: Film): TurnPanel {
  const element = h('section', { class: 'panel side turn', 'aria-label': 'Turn' })
  let shown = ''
  return {
    element,
    show(t, seat) {
      const turn = film.turnAt(t, seat)
      const playing = turn ? Math.min(t - turn.t, turn.actions.length) : 0
      const until = turn ? film.turnEnd(turn) : 0
      const key = `${seat} ${turn?.turn} ${playing} ${until} ${film.steps.length === 0}`
      if (key === shown) return
      shown = key
      if (turn) fill(element, content(film, turn, t, until))
      else
        fill(
          element,
          h('h2', null, 'Turn'),
          h(
            'p',
            { class: 'muted small' },
            film.start ? 'No agent has spoken yet.' : 'Waiting for the episode.',
          ),
        )
    },
  }
}

function content(film: Film, turn: TurnEvent, t: number, until: number): (HTMLElement | null)[] {
  const chips = turn.actions.map((action, index) =>
    h(
      'li',
      { class: index < t - turn.t ? 'chip accent' : index === t - turn.t ? 'chip next' : 'chip' },
      action,
    ),
  )
  return [
    h(
      'header',
      { class: 'row' },
      h('h2', null, `Turn ${turn.turn + 1}`),
      h('span', { class: 'chip' }, film.start?.agents[turn.seat] ?? ''),
      turn.valid ? null : h('span', { class: 'chip bad' }, 'bad format'),
      h('span', { class: 'spread' }),
      turn.value === undefined
        ? null
        : h(
            'span',
            { class: 'small', title: 'Return the agent expects from here' },
            'Value ',
            h('strong', null, number(turn.value)),
          ),
    ),
    turn.thought ? h('blockquote', { class: 'thought' }, turn.thought) : null,
    chips.length > 0 ? h('ol', { class: 'row answers', 'aria-label': 'Actions answered' }, chips) : null,
    bars(turn),
    terms(film, turn, until),
    turn.response === undefined
      ? null
      : h(
          'details',
          { class: 'fold' },
          h('summary', null, 'Response as written'),
          h('pre', null, turn.response),
        ),
  ]
}

/** One list of bars per answered action, the chosen action marked. */
function bars(turn: TurnEvent): HTMLElement | null {
  if (!turn.probabilities?.length) return null
  return h(
    'div',
    { class: 'probabilities' },
    turn.probabilities.map((map, index) => {
      const all = Object.entries(map)
      const most = all.toSorted((a, b) => b[1] - a[1]).slice(0, 8)
      return h(
        'dl',
        { class: 'bars', 'aria-label': `Probabilities of action ${index + 1}` },
        most.map(([action, p]) => bar(action, p, action === turn.actions[index])),
        all.length > most.length
          ? h('p', { class: 'muted small' }, `and ${count(all.length - most.length, 'less likely action')}`)
          : null,
      )
    }),
  )
}

function bar(action: string, p: number, chosen: boolean): HTMLElement {
  const track = h('i')
  track.style.setProperty('--p', String(p))
  return h(
    'div',
    { class: chosen ? 'bar chosen' : 'bar' },
    h('dt', null, action),
    h('dd', null, track, h('span', null, `${(100 * p).toFixed(p < 0.0995 && p > 0 ? 1 : 0)} %`)),
  )
}

/** Rewards of the steps this turn played, by term. */
function terms(film: Film, turn: TurnEvent, until: number): HTMLElement | null {
  const sums = new Map<string, number>()
  let total = 0
  for (const step of film.steps.slice(turn.t, until)) {
    total += step.rewards[turn.seat] ?? 0
    for (const [name, value] of Object.entries(step.terms[turn.seat] ?? {}))
      sums.set(name, (sums.get(name) ?? 0) + value)
  }
  if (until <= turn.t) return null
  return h(
    'dl',
    { class: 'terms' },
    [...sums].map(([name, value]) => [h('dt', null, name), h('dd', { class: tone(value) }, signed(value))]),
    h('dt', null, h('strong', null, `Reward of ${count(until - turn.t, 'step')}`)),
    h('dd', { class: tone(total) }, h('strong', null, signed(total))),
  )
}

function tone(value: number): string {
  return value > 0 ? 'gain' : value < 0 ? 'loss' : ''
}
