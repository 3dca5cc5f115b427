import type { RunSummary } from '#core/record/wire'
import { address } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { type IconName, icon } from '../ui/icon.ts'

/** What can be done with a run. */
export interface RunActions {
  resume(): void
  rerun(): void
  edit(): void
  save(): void
  /** Deletes it, once it was asked whether that is meant. */
  remove(): void
  readonly sure: boolean
}

/** A run of this browser. @param learning it is the one that learns now; `busy` that some run does. */
export function runRow(run: RunSummary, learning: boolean, busy: boolean, actions: RunActions): HTMLElement {
  const total = run.stages.reduce((sum, { updates }) => sum + updates, 0)
  const done = run.status === 'done'
  // A page that was closed could not say so.
  const status = learning ? 'learning' : run.status === 'running' ? 'stopped' : run.status
  const button = (name: IconName, label: string, press: () => void, off = false) =>
    h(
      'button',
      {
        class: 'button quiet square',
        title: label,
        'aria-label': `${label}: ${run.id}`,
        disabled: off,
        onclick: press,
      },
      icon(name),
    )
  const remove = button('cross', 'Delete', actions.remove, learning)
  if (actions.sure) {
    remove.replaceChildren('Delete?')
    remove.classList.remove('square')
  }
  return h(
    'div',
    { class: 'lab-run', role: 'listitem', 'data-run': run.id, 'data-status': status },
    h(
      'div',
      { class: 'lab-run-what' },
      h('a', { href: address('training', '', { run: run.id }) }, h('strong', null, run.id)),
      h(
        'span',
        { class: 'muted small', title: run.reason ?? '' },
        `${status}, ${Math.min(run.rows, total)} of ${count(total, 'update')}`,
      ),
      done && h('a', { class: 'small', href: address('training', run.id) }, 'Report'),
      h(
        'a',
        { class: 'small', href: address('replays', '', { run: run.id }) },
        count(run.episodes, 'episode'),
      ),
    ),
    h(
      'div',
      { class: 'row' },
      !done && button('play', 'Go on', actions.resume, busy),
      button('loop', 'Rerun and compare', actions.rerun, busy),
      button('fork', 'Edit its recipe', actions.edit),
      button('download', 'Save as zip', actions.save),
      remove,
    ),
  )
}
