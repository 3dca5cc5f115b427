import type { CreditTurn } from '#core/record/credit'
import type { TurnEvent } from '#core/record/record'
import { fill, h } from '../ui/dom.ts'
import { count, number, signed, words } from '../ui/format.ts'
import type { Film } from './film.ts'

/** What one agent said: its thought, its answer, how sure it was, and what came of it. */
export interface TurnPanel {
  readonly element: HTMLElement
  /** Shows the turn of `seat` that is in force after `t` steps. */
  show(t: number, seat: number): void
}

/** Most bars of one action; the chosen action is always among them. */
const BARS = 9

/**
 * Reads from `film`; a press on an answered action goes to its step.
 * @param learnt what training used of a turn, which has whole distributions.
 */
export function turnPanel(
  film: Film,
  goTo: (t: number) => void,
  learnt: (turn: TurnEvent) => CreditTurn | undefined,
): TurnPanel {
  const element = h('section', { class: 'panel side turn', 'aria-label': 'Turn' })
  let shown = ''
  return {
    element,
    show(t, seat) {
      const turn = film.turnAt(t, seat)
      const until = turn ? film.turnEnd(turn) : 0
      const credit = turn && learnt(turn)
      const key = `${seat} ${turn?.turn} ${turn && Math.min(t - turn.t, turn.actions.length)} ${until} ${film.start === null} ${credit === undefined}`
      if (key === shown) return
      shown = key
      if (turn) fill(element, content(film, turn, t, until, goTo, credit?.actions))
      else fill(element, h('h2', null, 'Turn'), h('p', { class: 'muted small' }, silence(film)))
    },
  }
}

function silence(film: Film): string {
  if (!film.start) return 'Waiting for the episode.'
  return film.turns.length > 0 ? 'This seat has not been asked yet.' : 'No agent has been asked yet.'
}

function content(
  film: Film,
  turn: TurnEvent,
  t: number,
  until: number,
  goTo: (t: number) => void,
  whole: CreditTurn['actions'],
): (HTMLElement | null)[] {
  const now = Math.min(t - turn.t, turn.actions.length - 1)
  const played = (index: number) => index < t - turn.t
  const answers = turn.actions.map((action, index) =>
    h(
      'li',
      null,
      h(
        'button',
        {
          class: `chip${played(index) ? ' accent' : ''}${index === t - turn.t ? ' next' : ''}`,
          title: `Go to step ${turn.t + index}`,
          onclick: () => goTo(turn.t + index),
        },
        words(action),
      ),
    ),
  )
  return [
    ...film.before(turn).map(refused),
    h(
      'header',
      { class: 'row' },
      h('h2', null, `Turn ${turn.turn + 1}`),
      h('span', { class: 'chip' }, film.start?.agents[turn.seat] ?? ''),
      ending(turn),
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
    answers.length > 0 ? h('ol', { class: 'row answers', 'aria-label': 'Actions answered' }, answers) : null,
    bars(turn, now, whole),
    terms(film, turn, until),
    turn.response === undefined
      ? null
      : h(
          'details',
          { class: 'fold', open: !turn.valid },
          h('summary', null, 'Response as written'),
          h('pre', null, turn.response),
        ),
    turn.reasoning && turn.reasoning.trim() !== turn.thought
      ? h(
          'details',
          { class: 'fold' },
          h('summary', null, 'Reasoning beside it'),
          h('pre', null, turn.reasoning),
        )
      : null,
  ]
}

/** How an answer ended, where not in an action in the format. */
function ending({ valid, format, end, reason }: TurnEvent): HTMLElement | null {
  if (!valid) {
    const how = end === undefined || end === 'malformed' ? 'bad format' : end
    return h('span', { class: 'chip bad', title: reason ?? '' }, how)
  }
  if (end === undefined && format !== 'lenient') return null
  return h('span', { class: 'chip', title: 'Played, though not in the format' }, end ?? 'lenient')
}

/** An answer that could not be played, before the one that could. */
function refused(turn: TurnEvent): HTMLElement {
  return h(
    'details',
    { class: 'fold' },
    h('summary', null, `Turn ${turn.turn + 1}: `, ending(turn)),
    h('pre', null, turn.response ?? 'Nothing was written.'),
  )
}

/** How probable each action was at the answered action number `index`: all of them where training kept them whole. */
function bars(turn: TurnEvent, index: number, whole: CreditTurn['actions']): HTMLElement | null {
  const map = whole?.[index] ?? turn.probabilities?.[index]
  if (!map) return null
  const chosen = turn.actions[index]
  const all = Object.entries(map).toSorted((a, b) => b[1] - a[1])
  const shown = ([action]: [string, number], rank: number) =>
    rank < BARS - 1 || action === chosen || all.length <= BARS
  const most = all.filter(shown)
  const rest = all.filter((each, rank) => !shown(each, rank))
  const which = turn.actions.length > 1 ? `Action ${index + 1} of ${turn.actions.length}` : 'Action'
  const other = 1 - all.reduce((sum, [, p]) => sum + p, 0)
  const list = (part: readonly [string, number][], more: HTMLElement | null) =>
    h(
      'dl',
      { class: 'bars' },
      part.map(([action, p]) => bar(action, p, action === chosen)),
      more,
    )
  return h(
    'section',
    { class: 'probabilities' },
    h('h3', { class: 'small muted' }, `${which}: probabilities${whole?.[index] ? ' of all actions' : ''}`),
    list(most, other > 0.0005 ? bar('anything else', other, false) : null),
    rest.length > 0 &&
      h(
        'details',
        { class: 'fold' },
        h('summary', null, `and ${count(rest.length, 'less likely action')}`),
        list(rest, null),
      ),
  )
}

function bar(action: string, p: number, chosen: boolean): HTMLElement {
  const track = h('i')
  track.style.setProperty('--p', String(p))
  const percent = 100 * p
  return h(
    'div',
    { class: chosen ? 'bar chosen' : 'bar' },
    h('dt', null, words(action)),
    h('dd', null, track, h('span', null, `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`)),
  )
}

/** Rewards of the steps this turn played, by term. */
function terms(film: Film, turn: TurnEvent, until: number): HTMLElement | null {
  if (until <= turn.t) return null
  const sums = new Map<string, number>()
  let total = 0
  for (const step of film.steps.slice(turn.t, until)) {
    total += step.rewards[turn.seat] ?? 0
    for (const [name, value] of Object.entries(step.terms[turn.seat] ?? {}))
      sums.set(name, (sums.get(name) ?? 0) + value)
  }
  return h(
    'dl',
    { class: 'terms' },
    [...sums].map(([name, value]) => [
      h('dt', null, words(name)),
      h('dd', { class: tone(value) }, signed(value)),
    ]),
    h('dt', null, h('strong', null, `Reward of ${count(until - turn.t, 'step')}`)),
    h('dd', { class: tone(total) }, h('strong', null, signed(total))),
  )
}

function tone(value: number): string {
  return value > 0 ? 'gain' : value < 0 ? 'loss' : ''
}
