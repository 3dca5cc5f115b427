import { address } from '../net/router.ts'
import type { LabState, Rerun } from '../net/tab.ts'
import { h } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { megabytes } from './machine.ts'

/** Where a training stands. */
export function progressOf({
  run,
  stage,
  update,
  updates,
  left,
  eta,
  stopping,
  backend,
  memory,
}: NonNullable<LabState['training']>) {
  const bar = h('progress', { max: updates, value: update, 'aria-label': `Updates of ${stage}` })
  const more = Number.isFinite(eta) ? `, about ${Math.max(1, Math.round(eta))} s to its end` : ''
  const text = stopping
    ? 'Pausing after this update …'
    : update === 0
      ? 'Looking at the recipe …'
      : `${stage}: update ${update} of ${updates}${more}; ${count(left, 'update')} left`
  return h(
    'div',
    { class: 'lab-now' },
    h('strong', null, run),
    bar,
    h('span', { role: 'status' }, text),
    h('a', { href: address('training', '', { run }) }, 'Curves'),
    memory > 0 && h('span', { class: 'muted small' }, `${megabytes(memory)} of tensors, on ${backend}`),
  )
}

/** What a rerun has found: green while all is the same. */
export function verdictOf({ of, updates, checkpoints, hash, difference, over }: Rerun): HTMLElement {
  const same = `${count(updates, 'update')} and ${count(checkpoints, 'checkpoint')} the same as in ${of}, to the bit${hash ? `; weights ${hash.weights} after update ${hash.update}` : ''}`
  const none = over && updates + checkpoints === 0
  const tone = difference !== null || none ? 'bad' : 'good'
  const text =
    difference !== null ? `Differs from ${of}: ${difference}` : none ? `Nothing of ${of} to compare` : same
  return h('p', { class: `chip ${tone} lab-verdict`, role: 'status', 'data-over': String(over) }, text)
}
