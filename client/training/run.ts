import type { MetricsRow } from '#core/record/run'
import type { RunSummary } from '#core/record/wire'
import { address } from '../net/router.ts'
import { rerunAddress } from '../net/tab.ts'
import { h } from '../ui/dom.ts'
import { count } from '../ui/format.ts'

const TONE = { running: 'info', done: 'good', stopped: 'accent', failed: 'bad', diverged: 'bad' } as const

/** A run in the list: what it is, how far it is, and whether its curves are drawn. `colour` 0 means not drawn. */
export function runCard(
  run: RunSummary,
  colour: number,
  last: MetricsRow | undefined,
  toggle: () => void,
): HTMLElement {
  const done = last ? last.update + 1 : run.rows
  const total = run.stages.reduce((sum, stage) => sum + stage.updates, 0)
  const swatch = h('i', { class: 'swatch' })
  if (colour > 0) swatch.style.background = `var(--series-${colour})`
  const bar = h('span', { class: 'progress' })
  for (const stage of run.stages) {
    if (stage.updates === 0) continue
    const begun = run.stages.slice(0, run.stages.indexOf(stage)).reduce((sum, each) => sum + each.updates, 0)
    const part = h('span', { title: `${stage.name}: ${count(stage.updates, 'update')}` })
    part.style.flexGrow = String(stage.updates)
    part.style.setProperty('--p', String(Math.max(0, Math.min(1, (done - begun) / stage.updates))))
    bar.append(part)
  }
  return h(
    'div',
    { class: 'panel run' },
    h(
      'button',
      { class: 'run-toggle', 'aria-pressed': String(colour > 0), onclick: toggle },
      swatch,
      h('strong', null, run.id),
      h(
        'span',
        { class: `chip ${TONE[run.status]}`, title: run.reason ?? `Runs on ${run.backend}` },
        run.status,
      ),
    ),
    bar,
    h(
      'span',
      { class: 'muted small' },
      total > 0
        ? `${Math.min(done, total).toLocaleString('en')} / ${count(total, 'update')}`
        : count(done, 'update'),
    ),
    h(
      'span',
      { class: 'muted small row' },
      (run.watchLevels ?? 0) > 0 &&
        h('a', { href: address('learning', '', { run: run.id }) }, 'Watch it learn'),
      h('a', { href: address('replays', '', { run: run.id }) }, count(run.episodes, 'episode')),
      run.status === 'done' && run.rows > 0 && h('a', { href: address('training', run.id) }, 'Report'),
      run.rows > 0 &&
        h('a', { href: rerunAddress(run.id), title: 'Train it again in a tab, and compare' }, 'Rerun'),
    ),
  )
}
