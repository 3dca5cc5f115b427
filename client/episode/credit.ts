import type { CreditLine, CreditTurn } from '#core/record/credit'
import type { TurnEvent } from '#core/record/record'
import * as api from '../net/api.ts'
import { fill, h } from '../ui/dom.ts'
import { number, signed, words } from '../ui/format.ts'
import type { Film } from './film.ts'
import { LOCAL } from './films.ts'

/** What training used of an episode, turn by turn. */
export interface CreditPanel {
  readonly element: HTMLElement
  show(t: number, seat: number): void
  /** What was learnt of a turn; undefined where none was, or it is not known yet. */
  of(turn: TurnEvent): CreditTurn | undefined
  /** What was learnt of all turns of a seat, in their order. */
  turns(seat: number): readonly CreditTurn[]
  dispose(): void
}

/** What the words of a turn can be coloured by. */
const MEASURES = {
  advantages: 'Advantage',
  logprobs: 'Log-probability',
  entropy: 'Entropy',
  values: 'Value',
  returns: 'Return target',
} as const
type Measure = keyof typeof MEASURES

/** An episode that is being played is learnt from when its update ends: asked so often, after so many ms each. */
const ASKS = 6
const PAUSE = 4000

/** Asks the server once the film says of which update it is; `changed` hears when something came. */
export function creditPanel(film: Film, changed: () => void): CreditPanel {
  const abort = new AbortController()
  const body = h('div', { class: 'credit' })
  const measure = h(
    'select',
    {
      class: 'field',
      'aria-label': 'Words are coloured by',
      onchange: () => {
        shown = ''
        show(...at)
      },
    },
    Object.entries(MEASURES).map(([value, label]) => h('option', { value }, label)),
  )
  const chips = h('span', { class: 'row' })
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': 'What training used', hidden: true },
    h('header', { class: 'row' }, h('h2', null, 'What training used'), h('span', { class: 'spread' }), chips),
    body,
  )
  let lines: readonly CreditLine[] = []
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown = ''
  let at: [t: number, seat: number] = [0, 0]

  const ask = async () => {
    asked++
    lines = await api.credit(film.id, abort.signal).catch(() => [])
    if (abort.signal.aborted) return
    if (lines.length > 0) changed()
    else if (live && asked < ASKS) timer = setTimeout(() => void ask(), PAUSE)
  }
  let live = false
  const stop = film.changes.watch(() => {
    const { start } = film
    if (start?.update === undefined || film.id.startsWith(LOCAL)) return
    live ||= film.live
    if (asked === 0 && film.caughtUp && !film.live) void ask()
  })

  const line = (seat: number) => lines.find((each) => each.seat === seat)
  const show = (t: number, seat: number) => {
    at = [t, seat]
    const turn = film.turnAt(t, seat)
    const own = line(seat)
    const part = turn && own?.turns[turn.turn]
    element.hidden = !part
    if (!part || !own) return
    const key = `${seat} ${turn.turn} ${lines.length}`
    if (key === shown) return
    shown = key
    fill(
      chips,
      h(
        'span',
        { class: 'chip', title: 'Algorithm and credit of the stage' },
        `${own.algorithm} · ${own.credit}`,
      ),
      own.used
        ? null
        : h(
            'span',
            { class: 'chip accent', title: 'All episodes of this level earned the same: nothing to learn' },
            'left out',
          ),
    )
    fill(
      body,
      sums(part),
      part.tokens && [
        h('div', { class: 'row' }, h('span', { class: 'small muted' }, 'Words by'), measure),
        strip(part, own, measure.value as Measure),
        table(part),
      ],
    )
  }

  return {
    element,
    show,
    of: (turn) => line(turn.seat)?.turns[turn.turn],
    turns: (seat) => line(seat)?.turns ?? [],
    dispose() {
      stop()
      clearTimeout(timer)
      abort.abort()
    },
  }
}

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / Math.max(1, numbers.length)

/** The mean advantage of a turn's words. */
export const advantageOf = ({ advantages = [] }: CreditTurn): number =>
  advantages.length > 0 ? meanOf(advantages) : Number.NaN

/** The turn in figures. */
function sums(part: CreditTurn): HTMLElement {
  const { terms, reward, advantages, returns, values, logprobs, entropy } = part
  const row = (name: string, title: string, value: string, tone = '') => [
    h('dt', { title }, name),
    h('dd', { class: tone }, value),
  ]
  const tone = (value: number) => (value > 0 ? 'gain' : value < 0 ? 'loss' : '')
  const advantage = advantageOf(part)
  return h(
    'dl',
    { class: 'terms' },
    Object.entries(terms).map(([name, value]) =>
      row(words(name), 'A term of the reward rule of the training', signed(value, 3), tone(value)),
    ),
    row(
      'Reward by the rule',
      'What training paid for this turn; not the reward of the game',
      signed(reward, 3),
      tone(reward),
    ),
    advantages &&
      row(
        'Advantage',
        'Above 0: what was written was made likelier; mean over its words',
        signed(advantage, 3),
        tone(advantage),
      ),
    returns && row('Return target', 'What the value head was to have said', number(returns[0], 3)),
    values &&
      returns &&
      row(
        'Value, and its error',
        'What it said before the first word',
        `${number(values[0], 3)} · ${signed(values[0] - returns[0], 3)}`,
      ),
    logprobs &&
      row(
        'Log-probability',
        'Of all its words together, in nats',
        number(
          logprobs.reduce((sum, x) => sum + x, 0),
          3,
        ),
      ),
    entropy && row('Entropy', 'Mean over its words, in nats', number(meanOf(entropy), 3)),
  )
}

/** The words of a turn, each as strong as its measure is. */
function strip(part: CreditTurn, { turns }: CreditLine, measure: Measure): HTMLElement {
  const all = turns.flatMap((turn) => turn[measure] ?? [])
  const most = all.reduce((found, x) => Math.max(found, Math.abs(x)), 1e-9)
  return h(
    'p',
    { class: 'tokens' },
    part.tokens?.map((word, i) => {
      const value = part[measure]?.[i] ?? 0
      const element = h('span', { class: value < 0 ? 'token below' : 'token', title: told(part, i) }, word)
      element.style.setProperty('--p', `${Math.round((60 * Math.abs(value)) / most)}%`)
      return element
    }),
  )
}

const told = (part: CreditTurn, i: number): string =>
  Object.entries(MEASURES)
    .map(([key, label]) => `${label} ${number(part[key as Measure]?.[i] ?? Number.NaN, 3)}`)
    .join('\n')

/** All numbers of all words. */
function table(part: CreditTurn): HTMLElement {
  const measures = Object.entries(MEASURES) as [Measure, string][]
  return h(
    'details',
    { class: 'fold' },
    h('summary', null, 'Word by word'),
    h(
      'div',
      { class: 'credit-table', tabindex: '0', role: 'region', 'aria-label': 'Word by word' },
      h(
        'table',
        null,
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            h('th', null, 'Word'),
            measures.map(([, label]) => h('th', null, label)),
          ),
        ),
        h(
          'tbody',
          null,
          part.tokens?.map((word, i) =>
            h(
              'tr',
              null,
              h('th', { scope: 'row' }, word),
              measures.map(([key]) => h('td', null, number(part[key]?.[i] ?? Number.NaN, 3))),
            ),
          ),
        ),
      ),
    ),
  )
}
