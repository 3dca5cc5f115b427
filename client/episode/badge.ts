import { fill, h } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import type { Film } from './film.ts'

type Verdict = 'sight' | 'pending' | 'verified' | 'differs' | 'other'

/** Says whether what is shown is what was recorded; a press goes to the first step that is not. */
export function badge(film: Film, goTo: (t: number) => void): HTMLElement {
  const element = h('button', {
    class: 'badge',
    onclick: () => {
      const { difference } = film.replay
      if (difference) goTo(difference.t)
    },
  })
  film.changes.watch(() => {
    const [verdict, text, title] = judge(film)
    if (element.dataset.verdict === verdict && element.dataset.text === text) return
    element.dataset.verdict = verdict
    element.dataset.text = text
    element.title = title
    fill(element, icon(verdict === 'verified' ? 'check' : verdict === 'differs' ? 'cross' : 'help'), text)
  })
  return element
}

function judge(film: Film): readonly [Verdict, string, string] {
  if (film.sight) {
    const title =
      'What the seat saw and did, without seed and level: nobody can play it again, so nothing of it is verified'
    return ['sight', `As seat ${film.sight.seat + 1} saw it, unverified`, title]
  }
  const { status, difference } = film.replay
  if (status === 'other version') {
    const { start } = film
    return ['other', `Needs ${start?.env} version ${start?.version}`, film.problem ?? '']
  }
  if (difference) {
    const { t, what, recorded, simulated } = difference
    const title = `${what}: the record says ${JSON.stringify(recorded)}, the simulation ${JSON.stringify(simulated)}`
    return ['differs', t === 0 ? 'Differs at the start' : `Differs at step ${t}`, title]
  }
  if (status === 'waiting' || (!film.caughtUp && !film.live))
    return ['pending', 'Verifying', 'The episode is being played again and compared with its record']
  const all = 'Every action, reward, term, flag and hash is as recorded'
  if (film.end) return ['verified', `Verified, ${count(film.length, 'step')}`, all]
  if (film.live) return ['verified', 'Verified live', `${all} so far (${count(film.length, 'step')})`]
  return ['verified', `Verified, ${count(film.length, 'step')}, no end`, 'The record stops before its end']
}
