import { fill, h, say } from '../ui/dom.ts'
import { token } from '../ui/theme.ts'
import { fitted } from './canvas.ts'
import { BAD_FORMAT, type Moments } from './film.ts'
import { COSTLY, LOST } from './mistakes.ts'
import type { Scale } from './scale.ts'

/** A lane for every kind of moment, on the timeline's scale. */
export interface Lanes {
  readonly element: HTMLElement
  refresh(): void
  /** Custom properties by name, of the kinds that are shown. */
  colours(): ReadonlyMap<string, string>
  shows(name: string): boolean
}

interface Lane {
  readonly canvas: HTMLCanvasElement
  readonly count: HTMLElement
  readonly colour: string
}

/** What is wrong keeps its colour; the others take turns. */
const BAD = [BAD_FORMAT, 'deadlock', LOST, COSTLY]
const OTHERS = [1, 3, 2, 5, 6, 7, 8] as const

/** A press on a lane's name goes to its next moment; the box before it leaves the kind out. */
export function createLanes(
  film: Moments,
  scale: Scale,
  { next, changed }: { next(name: string): void; changed(): void },
): Lanes {
  const element = h('div', { class: 'lanes' })
  const lanes = new Map<string, Lane>()
  const off = new Set<string>()

  const add = (name: string): Lane => {
    const colour = BAD.includes(name) ? '--bad' : `--series-${OTHERS[lanes.size % OTHERS.length]}`
    const canvas = h('canvas', { class: 'lane', 'aria-hidden': 'true' })
    const count = h('b')
    const dot = h('input', {
      type: 'checkbox',
      checked: true,
      class: 'lane-shown',
      'aria-label': `Show “${name}”`,
      title: 'Shown, and stopped at by . and ,',
      onchange: () => {
        if (dot.checked) off.delete(name)
        else off.add(name)
        changed()
      },
    })
    dot.style.accentColor = `var(${colour})`
    const title = `Go to the next “${name}”`
    const label = h(
      'button',
      { class: 'mark', title, onclick: () => next(name) },
      h('span', null, name),
      count,
    )
    const lane = { canvas, count, colour }
    lanes.set(name, lane)
    element.append(h('div', { class: 'lane-name' }, dot, label), canvas)
    return lane
  }

  return {
    element,
    refresh() {
      const places = new Map<string, number[]>()
      for (const { name, t } of film.marks) {
        const own = places.get(name)
        if (own) own.push(t)
        else places.set(name, [t])
      }
      if ([...lanes.keys()].some((name) => !places.has(name))) {
        lanes.clear()
        fill(element)
      }
      for (const [name, at] of places) {
        const lane = lanes.get(name) ?? add(name)
        say(lane.count, String(at.length))
        paint(lane, off.has(name) ? [] : at, scale)
      }
    },
    colours: () =>
      new Map([...lanes].filter(([name]) => !off.has(name)).map(([name, { colour }]) => [name, colour])),
    shows: (name) => !off.has(name),
  }
}

function paint({ canvas, colour }: Lane, places: readonly number[], scale: Scale): void {
  const place = fitted(canvas)
  if (!place) return
  const { context, width, height } = place
  const { from, to } = scale.span.value
  context.fillStyle = token('--line')
  context.fillRect(0, height / 2 - 0.5, width, 1)
  context.fillStyle = token(colour)
  for (const t of places) {
    if (t < from || t > to) continue
    context.beginPath()
    context.roundRect(scale.x(t, width) - 2, 3, 4, height - 6, 2)
    context.fill()
  }
}
