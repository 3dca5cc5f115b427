import { createBoard } from '../board/board.ts'
import { badge } from '../episode/badge.ts'
import type { Film } from '../episode/film.ts'
import { address } from '../net/router.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count, signed, words } from '../ui/format.ts'
import { agentsLine, outcomeChip } from '../ui/summary.ts'

/** One of two episodes that are shown together. */
export interface Side {
  readonly element: HTMLElement
  /** Shows the state after `t` steps, or the last there is. */
  show(t: number, duration: number): void
  dispose(): void
}

/** A board with who plays on it, the thought and the next action; `goTo` goes to a step of both. */
export function createSide(film: Film, name: string, goTo: (t: number) => void): Side {
  const board = createBoard(`Board ${name}`)
  const title = h('a', { class: 'side-title' })
  const chips = h('span', { class: 'row' })
  const thought = h('blockquote', { class: 'thought' })
  const action = h('span', { class: 'chip accent' })
  const figures = h('span', { class: 'muted small' })
  const note = h('p', { class: 'muted small' })
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': `Episode ${name}` },
    h('header', { class: 'row' }, title, chips, h('span', { class: 'spread' }), badge(film, goTo)),
    h('div', { class: 'stage' }, board.element),
    h('div', { class: 'row' }, figures, h('span', { class: 'spread' }), action),
    thought,
    note,
  )
  let described = ''
  const describe = () => {
    const { start, end } = film
    if (!start) return
    const key = `${end?.outcome} ${film.live} ${film.problem}`
    if (key === described) return
    described = key
    title.href = address('episode', film.id)
    say(title, agentsLine(start.agents))
    fill(
      chips,
      end || film.live ? outcomeChip(end ?? undefined) : null,
      start.update === undefined
        ? null
        : h('span', { class: 'chip' }, `${start.stage} · update ${start.update}`),
    )
    say(note, film.problem ?? '')
  }
  return {
    element,
    show(t, duration) {
      describe()
      const at = Math.min(t, film.length)
      const scene = film.stage(at, 0)
      if (scene) board.show(scene, duration)
      let total = 0
      for (const step of film.steps.slice(0, at)) total += step.rewards[0]
      say(figures, `${count(at, 'step')} · return ${signed(total)}`)
      const turn = film.turnAt(at, 0)
      say(thought, turn?.thought ?? (turn ? 'No thought was given.' : ''))
      thought.hidden = !turn
      const names = film.env && film.start ? film.env.actions(film.start.config) : []
      const next = film.steps[at]?.actions.map((index) => words(names[index] ?? String(index))).join(', ')
      say(action, next ? `next: ${next}` : film.end ? 'over' : '')
      action.hidden = action.textContent === ''
    },
    dispose: () => board.dispose(),
  }
}
