import { address } from '../net/router.ts'
import { learnedAgents } from '../play/learned.ts'
import { fill, h } from '../ui/dom.ts'
import { words } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import { agentsOf } from './agents.ts'
import type { Film, Mark } from './film.ts'
import { COSTLY, LOST } from './mistakes.ts'
import { playOn } from './whatif.ts'

/** What can be done from the step that is shown. */
export interface Onwards {
  readonly element: HTMLElement
  /** `marks` are the moments known so far. */
  show(t: number, seat: number, marks: readonly Mark[]): void
}

/** Offers to practise what went wrong, and lets another agent or the person play on. */
export function onwardsPanel(film: Film): Onwards {
  const agent = h('select', { class: 'field', 'aria-label': 'Who plays on' })
  const practise = h('a', { class: 'button sentence' })
  const hand = h('a', { class: 'button' }, icon('fork'), 'Play on by hand')
  let step = 0
  const go = () => {
    const other = playOn(film, step, agent.value)
    location.hash = address('compare', '', { a: film.id, b: other.id, step: step || undefined })
  }
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': 'From here', hidden: true },
    h('h2', null, 'From here'),
    h(
      'div',
      { class: 'row' },
      agent,
      h('button', { class: 'button', onclick: go }, icon('play'), 'Let it play on'),
    ),
    h('div', { class: 'row' }, hand, practise),
  )
  return {
    element,
    show(t, seat, marks) {
      const { env } = film
      element.hidden = !env || film.sight !== undefined
      if (!env || film.sight) return
      if (agent.options.length === 0) {
        fill(
          agent,
          agentsOf(env).map((name) => h('option', { value: name }, words(name))),
        )
        void learnedAgents(env).then((names) => {
          for (const name of names) agent.append(h('option', { value: name }, name))
        })
      }
      step = t
      hand.href = address('play', '', { from: film.id, step: t, seat: seat || undefined })
      const mistakes = marks.filter(({ name }) => name === LOST || name === COSTLY)
      const mistake = mistakes.findLast((mark) => mark.t <= t) ?? mistakes[0]
      practise.hidden = !mistake
      if (!mistake) return
      practise.textContent = `Practise from step ${mistake.t - 1}, before “${mistake.name}”`
      practise.href = address('play', '', { from: film.id, step: mistake.t - 1, seat: seat || undefined })
    },
  }
}
