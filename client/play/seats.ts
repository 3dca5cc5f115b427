import { address } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { words } from '../ui/format.ts'
import type { Setup } from './game.ts'

/** More seats than this share one choice. */
const EACH = 8

/** Chooses one's own seat and who sits in the others; nothing where there are no others. */
export function seatsPanel({ seat, agents, candidates }: Setup, query: URLSearchParams): HTMLElement | null {
  if (agents.length < 2) return null
  const go = (changed: { seat?: number; with?: readonly string[] }) => {
    const names = changed.with ?? agents
    location.hash = address('play', '', {
      ...Object.fromEntries(query),
      seat: changed.seat ?? seat,
      with: (names.every((name) => name === names[0]) ? names.slice(0, 1) : names).join(','),
    })
  }
  const others = [...agents.keys()].filter((index) => index !== seat)
  const together = others.length > EACH
  const rows = (together ? [others] : others.map((index) => [index])).map((seats) => {
    const label = together ? 'The others' : `Seat ${seats[0] + 1}`
    const select = h(
      'select',
      {
        class: 'field',
        'aria-label': label,
        onchange: () =>
          go({ with: agents.map((name, index) => (seats.includes(index) ? select.value : name)) }),
      },
      candidates.map((name) =>
        h('option', { value: name, selected: name === agents[seats[0]] }, words(name)),
      ),
    )
    return [h('span', { class: 'small muted' }, label), select]
  })
  const own = h(
    'select',
    { class: 'field', 'aria-label': 'Your seat', onchange: () => go({ seat: Number(own.value) }) },
    agents.map((_, index) => h('option', { value: index, selected: index === seat }, `Seat ${index + 1}`)),
  )
  return h(
    'section',
    { class: 'panel side seats', 'aria-label': 'Seats' },
    h('span', { class: 'small muted' }, 'You'),
    own,
    rows,
  )
}
