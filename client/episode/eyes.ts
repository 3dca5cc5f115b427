import { observe } from '#core/env/observe'
import type { TurnEvent } from '#core/record/record'
import * as api from '../net/api.ts'
import { fill, h, say } from '../ui/dom.ts'
import { words } from '../ui/format.ts'
import { Signal } from '../ui/signal.ts'
import type { Film } from './film.ts'
import type { Arrow, PlayedSoFar, Whose } from './looking.ts'
import { Lookout } from './lookout.ts'
import { arrows, heat, Visits } from './marks.ts'
import { drawn, explained, MEASURES, type Measure } from './sights.ts'

/** What somebody wants to see, of this episode and of the next ones. */
const measured = new Signal<keyof typeof MEASURES>('')
const visited = new Signal(false)
/** Whose visits: empty for the seat's own, else a name of the game's. */
const traced = new Signal('')
const pointed = new Signal(false)

/** Milliseconds of playing again between two looks at the screen. */
const SLICE = 8

/** How long (ms) a step must stand before something is computed for it. */
const CALM = 150

/** What an agent sees and would do, beside an episode and over its board. */
export interface EyesPanel {
  readonly element: HTMLElement
  show(t: number, seat: number): void
  dispose(): void
}

/** Draws over the board by the film's notes; `again` is called when they are others. */
export function eyesPanel(film: Film, again: () => void): EyesPanel {
  const lookout = new Lookout()
  const picture = h('div', { class: 'observation' })
  const line = h('p', { class: 'small muted', role: 'status' })
  const whose = h('select', {
    class: 'field',
    'aria-label': 'Whose eyes',
    onchange: () => {
      field = null
      look()
    },
  })
  const measure = h(
    'select',
    {
      class: 'field',
      'aria-label': 'What mattered in the observation',
      onchange: () => {
        measured.value = measure.value as keyof typeof MEASURES
        look()
      },
    },
    Object.entries(MEASURES).map(([value, label]) => h('option', { value }, label)),
  )
  measure.value = measured.value
  const toggle = (signal: Signal<boolean>, label: string) => {
    const button = h(
      'button',
      {
        class: 'button',
        onclick: () => {
          signal.value = !signal.value
          button.setAttribute('aria-pressed', String(signal.value))
          look()
          again()
        },
      },
      label,
    )
    button.setAttribute('aria-pressed', String(signal.value))
    return button
  }
  const visits = toggle(visited, 'Visits')
  const whom = h('select', {
    class: 'field',
    'aria-label': 'Whose visits',
    hidden: true,
    onchange: () => {
      traced.value = whom.value
      again()
    },
  })
  const pointers = toggle(pointed, 'Arrows and values')
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': 'What it sees', hidden: true },
    h('h2', null, 'What it sees'),
    h('div', { class: 'row' }, whose, measure),
    h('div', { class: 'row' }, visits, whom, pointers),
    line,
    picture,
  )
  let at: readonly [t: number, seat: number] = [0, 0]
  let been: { readonly key: string; readonly visits: Visits } | null = null
  let more: ReturnType<typeof setTimeout> | undefined
  /** What the game traces beside the seat. */
  let traces: readonly string[] = []
  let field: { readonly key: string; readonly arrows: readonly Arrow[] } | null = null
  let shown = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  film.notes = (t, seat) => {
    return [
      ...(visited.value ? heat(visitsOf(t, seat)) : []),
      ...(pointed.value && field?.key === keyOf(t, seat) ? arrows(field.arrows) : []),
    ]
  }
  /** As far as they are known; what is missing of a long film follows. */
  const visitsOf = (t: number, seat: number) => {
    const of = traces.includes(traced.value) ? traced.value : ''
    if (been?.key !== `${seat} ${of}`) been = { key: `${seat} ${of}`, visits: new Visits(film, seat, of) }
    const { places, whole } = been.visits.until(t, SLICE)
    clearTimeout(more)
    if (!whole) more = setTimeout(again)
    return places
  }
  const keyOf = (t: number, seat: number) => `${whose.value} ${t} ${seat}`

  /** Finds out what is wanted of this step, once it has stood for a moment. */
  const look = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      void see()
      void point()
    }, CALM)
  }

  const see = async () => {
    const [t, seat] = at
    const turn = film.turnAt(t, seat)
    const eyes = whoseOf(whose.value)
    const index = turn ? Math.max(0, Math.min(t - turn.t, turn.actions.length - 1)) : 0
    const key = `${whose.value} ${measure.value} ${turn?.turn} ${index} ${seat}`
    if (key === shown) return
    shown = key
    if (measure.value === '') return clear('')
    if (!eyes || 'script' in eyes) return clear('A script has no eyes: choose a model.')
    say(line, 'Looking …')
    try {
      const told = turn && ownOf(film, seat, eyes) ? turn.response : undefined
      const sight = await lookout.sight(eyes, playedUntil(film, seat, turn?.t ?? t), {
        response: told,
        index,
      })
      if (gone || key !== shown) return
      const state = film.state(turn?.t ?? t)
      if (!state || !film.env) return
      const observation = observe(film.env, state, seat, sight.modality)
      fill(picture, drawn(observation, sight, measure.value as Measure))
      say(line, explained(sight, measure.value as Measure, eyes))
    } catch (error) {
      if (!gone && key === shown) clear((error as Error).message)
    }
  }
  const clear = (text: string) => {
    fill(picture)
    say(line, text)
  }

  const point = async () => {
    const [t, seat] = at
    const key = keyOf(t, seat)
    const eyes = whoseOf(whose.value)
    if (!pointed.value || !eyes || field?.key === key) return
    try {
      const found = await lookout.field(eyes, playedUntil(film, seat, t))
      if (gone || key !== keyOf(...at)) return
      field = { key, arrows: found }
      again()
    } catch (error) {
      if (!gone) say(line, (error as Error).message)
    }
  }

  let offered = false
  const offer = async () => {
    const { env, start } = film
    if (offered || !env || !start) return
    offered = true
    const state = film.state(0)
    traces = Object.keys((state && env.traces?.(state, 0)) ?? {})
    whom.hidden = traces.length === 0
    fill(
      whom,
      h('option', { value: '' }, 'its own'),
      traces.map((name) => h('option', { value: name }, words(name))),
    )
    whom.value = traces.includes(traced.value) ? traced.value : ''
    const [runs, agents, shipped] = await Promise.all([
      api.runs().catch(() => []),
      api.agents().catch(() => []),
      lookout.models().catch(() => []),
    ])
    if (gone) return
    const fits = (name: string) =>
      agents.length === 0 ||
      agents.some((agent) => agent.name === `mini:${name}` && agent.envs.includes(env.id))
    const trained = runs.filter(
      ({ kind = 'training', rows, envs }) => kind === 'training' && rows > 0 && env.id in envs,
    )
    const scripts = env.elsewhere ? Object.keys(env.policies ?? {}) : []
    const groups: [string, [string, string][]][] = [
      ['Newest models of runs', trained.map(({ id }) => [`run:${id}`, id])],
      ['Models that come with Kickpush', shipped.filter(fits).map((name) => [`shipped:${name}`, name])],
      ['Scripts (arrows only)', scripts.map((name) => [`script:${name}`, words(name)])],
    ]
    const named = groups.filter(([, list]) => list.length > 0)
    element.hidden = named.length === 0 && !env.whereabouts
    fill(
      whose,
      named.map(([label, list]) =>
        h(
          'optgroup',
          { label },
          list.map(([value, name]) => h('option', { value }, name)),
        ),
      ),
    )
    whose.hidden = named.length === 0
    whose.value = preferred(
      film,
      at[1],
      groups.flatMap(([, list]) => list.map(([value]) => value)),
    )
    look()
  }

  return {
    element,
    show(t, seat) {
      at = [t, seat]
      const { env } = film
      if (!env || film.sight) return
      visits.hidden = !env.whereabouts
      pointers.hidden = !env.elsewhere
      void offer()
      if (offered) look()
    },
    dispose() {
      gone = true
      film.notes = null
      clearTimeout(timer)
      clearTimeout(more)
      lookout.dispose()
    },
  }
}

function whoseOf(value: string): Whose | null {
  const [kind, name] = [value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1)]
  if (kind === 'run') return { run: name }
  if (kind === 'shipped') return { shipped: name }
  return kind === 'script' ? { script: name } : null
}

/** The eyes that most likely played: the agent's own model, the newest of its run, else the first there are. */
function preferred({ start }: Film, seat: number, values: readonly string[]): string {
  const agent = start?.agents[seat] ?? ''
  const name = agent.replace(/^mini:/, '').replace(/^.*\//, '')
  const wanted = [`shipped:${name}`, `run:${name}`, `run:${start?.run}`, `script:${agent}`]
  return wanted.find((value) => values.includes(value)) ?? values[0] ?? ''
}

/** Whether a seat was played by this model, or by one that became it. */
function ownOf({ start }: Film, seat: number, eyes: Whose): boolean {
  const agent = start?.agents[seat] ?? ''
  if (!agent.startsWith('mini:')) return false
  const name = agent.replace(/^mini:/, '').replace(/^.*\//, '')
  return 'shipped' in eyes
    ? name === eyes.shipped
    : 'run' in eyes && (start?.run === eyes.run || name === eyes.run)
}

function playedUntil(film: Film, seat: number, t: number): PlayedSoFar {
  const { start, steps } = film
  if (!start) throw new Error('There is nothing to look at yet.')
  const before = film.turns.filter((turn: TurnEvent) => turn.seat === seat && turn.t < t)
  return {
    env: start.env,
    config: start.config,
    seed: start.seed,
    seat,
    steps: steps.slice(0, t).map(({ actions }) => actions),
    turns: before.map(({ t, valid, actions }) => ({ t, actions: valid ? actions : [] })),
    ...(start.agents[seat]?.startsWith('mini:') && { conversation: start.conversation }),
  }
}
