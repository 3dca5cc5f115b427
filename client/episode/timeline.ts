import { fill, h, say } from '../ui/dom.ts'
import { theme, token } from '../ui/theme.ts'
import type { Film, Mark } from './film.ts'
import type { Player } from './player.ts'

/** What a timeline shows of a film, or of two. */
export type Tape = Pick<Film, 'length' | 'marks' | 'turns' | 'replay'>

/** A bar of all steps: where one is, where turns begin, and what happened. */
export interface Timeline {
  readonly element: HTMLElement
  /** Draws what there is now. */
  refresh(): void
  dispose(): void
}

/** Scrubs `player`; marks of one name share a colour, and a press on the name goes to the next of them. */
export function createTimeline(film: Tape, player: Player): Timeline {
  const canvas = h('canvas', { class: 'track', 'aria-hidden': 'true' })
  const range = h('input', {
    type: 'range',
    class: 'scrub',
    min: 0,
    step: 1,
    'aria-label': 'Step',
    oninput: () => {
      player.playing.value = false
      player.seek(Number(range.value))
    },
  })
  const place = h('output', { class: 'place mono' })
  const legend = h('div', { class: 'row marks' })
  const element = h(
    'div',
    { class: 'timeline' },
    h('div', { class: 'track-box' }, canvas, range),
    place,
    legend,
  )
  let known = ''

  const colours = () => {
    const names = [...new Set(film.marks.map((mark) => mark.name))]
    return new Map(
      names.map((name, i) => [
        name,
        name === 'bad format' ? '--bad' : `--series-${[1, 3, 2, 5, 6, 7, 8][i % 7]}`,
      ]),
    )
  }

  const jump = (name: string) => {
    const own = film.marks.filter((mark) => mark.name === name)
    const next = own.find((mark) => mark.t > player.at.value) ?? own[0]
    if (next) player.step(next.t - player.at.value)
  }

  const refresh = () => {
    range.max = String(film.length)
    range.value = String(player.at.value)
    range.setAttribute('aria-valuetext', `step ${player.at.value} of ${film.length}`)
    say(place, `${player.at.value} / ${film.length}`)
    const all = colours()
    const key = JSON.stringify([...count(film.marks)])
    if (key !== known) {
      known = key
      fill(
        legend,
        [...count(film.marks)].map(([name, n]) => {
          const dot = h('i', { class: 'dot' })
          dot.style.background = `var(${all.get(name)})`
          const title = `Go to the next “${name}”`
          return h(
            'button',
            { class: 'chip mark', title, onclick: () => jump(name) },
            dot,
            name,
            h('b', null, n),
          )
        }),
      )
    }
    draw(canvas, film, all)
  }

  const observer = new ResizeObserver(refresh)
  observer.observe(canvas)
  const stopTheme = theme.watch(() => requestAnimationFrame(refresh))
  const stopAt = player.at.watch((t) => {
    range.value = String(t)
    range.setAttribute('aria-valuetext', `step ${t} of ${film.length}`)
    say(place, `${t} / ${film.length}`)
  })
  return {
    element,
    refresh,
    dispose() {
      observer.disconnect()
      stopTheme()
      stopAt()
    },
  }
}

function count(marks: readonly Mark[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { name } of marks) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function draw(canvas: HTMLCanvasElement, film: Tape, colours: ReadonlyMap<string, string>): void {
  const ratio = devicePixelRatio
  const width = Math.round(canvas.clientWidth * ratio)
  const height = Math.round(canvas.clientHeight * ratio)
  const context = canvas.getContext('2d')
  if (!context || width === 0) return
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.clearRect(0, 0, width, height)
  const x = (t: number) => (film.length === 0 ? 0 : (t / film.length) * (width - 8 * ratio)) + 4 * ratio
  const bar = 6 * ratio
  const top = (height - bar) / 2
  context.fillStyle = token('--raised')
  context.fillRect(0, top, width, bar)
  // Turns are drawn while they can be told apart.
  if (film.turns.length < canvas.clientWidth / 3) {
    context.fillStyle = token('--line-strong')
    for (const turn of film.turns) context.fillRect(x(turn.t) - ratio / 2, top, ratio, bar)
  }
  for (const mark of film.marks) {
    context.fillStyle = token(colours.get(mark.name) ?? '--accent')
    context.beginPath()
    context.arc(x(mark.t), top - 5 * ratio, 3 * ratio, 0, 7)
    context.fill()
  }
  const { difference } = film.replay
  if (difference) {
    context.fillStyle = token('--bad')
    context.fillRect(x(difference.t) - ratio, 0, 2 * ratio, height)
  }
}
