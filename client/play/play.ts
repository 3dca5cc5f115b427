import { createBoard } from '../board/board.ts'
import { recordOf } from '../episode/actions.ts'
import { badge } from '../episode/badge.ts'
import { Camera } from '../episode/camera.ts'
import { keepFilm } from '../episode/films.ts'
import { scoreLine } from '../episode/scoreboard.ts'
import { games } from '../games.ts'
import { address, type Place } from '../net/router.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count, signed, words } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import { bindKeys } from '../ui/keys.ts'
import { loading, notice } from '../ui/notice.ts'
import { save } from '../ui/save.ts'
import { outcomeChip } from '../ui/summary.ts'
import { type Controls, createControls } from './controls.ts'
import { byHand, type Game, type Setup, startGame } from './game.ts'
import { seatsPanel } from './seats.ts'
import { setupOf } from './setup.ts'

/** Any game by hand, from any seed or from any step of a replay; what was played is a record like any other. */
export function playPage(main: HTMLElement, { query }: Place): () => void {
  let gone = false
  let close = () => {}
  main.replaceChildren(loading('Preparing the game …'))
  setupOf(query)
    .then((setup) => {
      if (!gone) close = table(main, setup, query)
    })
    .catch((error: unknown) => {
      if (gone) return
      const again = h('a', { class: 'button', href: address('play') }, 'Another game')
      main.replaceChildren(notice('error', 'cross', 'This cannot be played', (error as Error).message, again))
    })
  return () => {
    gone = true
    close()
  }
}

/** A whole pitch is too small to be seen on these. */
const small = matchMedia('(max-width: 640px)')

/** The page of one game; the result takes it down. */
function table(main: HTMLElement, first: Setup, query: URLSearchParams): () => void {
  const { env } = first
  const board = createBoard(`${env.title}, played by hand`)
  const figures = h('p', { class: 'row', role: 'status' })
  const status = h('div', { class: 'row' })
  const camera = new Camera()
  const above = h('div', { class: 'stage-above' })
  let score: ReturnType<typeof scoreLine>
  let game: Game
  let controls: Controls
  let stop = () => {}

  const begin = (setup: Setup) => {
    stop()
    game = startGame(setup, (message) => say(figures, message))
    camera.reset()
    score = scoreLine(game.film)
    fill(above, score.element)
    stop = game.film.changes.watch(show)
    fill(
      status,
      badge(game.film, () => {}),
    )
  }
  const show = () => {
    const { film } = game
    const t = film.length
    const scene = film.stage(t, first.seat)
    // A click must mean the same place wherever a camera looks, so that games with clicks have none.
    const focus = env.point ? null : film.focus(t, first.seat)
    const near = focus && (focus.follow || small.matches)
    if (scene) board.show(near ? camera.see(scene, focus, t) : scene, env.pace ? 1000 / env.pace : 110)
    score.show(t)
    controls.allow(legalNow())
    const total = film.steps.reduce((sum, step) => sum + (step.rewards[first.seat] ?? 0), 0)
    fill(
      figures,
      film.end ? outcomeChip(film.end, first.seat) : null,
      h('strong', null, count(film.length, 'step')),
      h('span', { class: 'muted' }, `return ${signed(total)}`),
    )
    main.dataset.step = String(film.length)
  }

  /** The seat that the person plays now; undefined while others do, and after the end. */
  const seatNow = (): number | undefined => {
    const state = game.film.state(game.film.length)
    if (!state || game.film.end) return undefined
    const seats = env.toAct?.(state) ?? [first.seat]
    return seats.includes(first.seat) ? first.seat : seats.find((seat) => byHand(first, seat))
  }
  const legalNow = (): readonly boolean[] | null => {
    const state = game.film.state(game.film.length)
    const seat = seatNow()
    if (!state || seat === undefined) return env.actions(first.config).map(() => false)
    const legal = env.legal?.(state, seat)
    return legal?.includes(true) ? legal : null
  }
  // A click or tap means what the game says it does.
  const point = (event: MouseEvent) => {
    const state = game.film.state(game.film.length)
    const seat = seatNow()
    if (!state || seat === undefined) return
    const { left, top, width, height } = board.element.getBoundingClientRect()
    const scene = env.scene(state, seat)
    const x = ((event.clientX - left) / width) * scene.width
    const y = ((event.clientY - top) / height) * scene.height
    const action = env.point?.(state, seat, x, y) ?? null
    if (action !== null) press(action)
  }
  if (env.point) {
    board.element.classList.add('pointed')
    board.element.addEventListener('click', point)
  }

  let queued: number | null = null
  let started = false
  const press = (action: number) => {
    started = true
    // With a clock the press waits for its tick, so that a short press is never lost.
    if (clock.checked) queued = action
    else game.act(action)
  }
  const tick = () => {
    if (!clock.checked || !started) return
    const action = queued ?? controls.held() ?? env.idle?.(first.config)
    if (action !== undefined) game.act(action)
    queued = null
  }
  const clock = h('input', { type: 'checkbox', checked: env.pace !== undefined })
  const pace = env.pace ?? 4
  const timer = setInterval(tick, 1000 / pace)
  controls = createControls(env, first.config, press)

  const undo = () => {
    if (!clock.checked && game.history().length > 0) begin({ ...first, opening: game.history().slice(0, -1) })
  }
  const restart = () => {
    started = false
    begin(first)
  }
  const watch = () => {
    game.stop()
    keepFilm(game.film)
    location.hash = address('episode', game.film.id)
  }
  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', null, 'Play by hand'), status),
    h(
      'div',
      { class: 'episode play' },
      h('div', { class: 'episode-main' }, h('div', { class: 'stage panel' }, above, board.element)),
      h(
        'div',
        { class: 'episode-side' },
        chooser(first, query),
        seatsPanel(first, query),
        h(
          'section',
          { class: 'panel side', 'aria-label': 'Game' },
          figures,
          controls.element,
          h('label', { class: 'row small' }, clock, `${pace} steps a second from the first key on`),
          h(
            'div',
            { class: 'row' },
            h(
              'button',
              { class: 'button', onclick: undo, title: 'Take back (Backspace)' },
              icon('undo'),
              'Take back',
            ),
            h(
              'button',
              { class: 'button', onclick: restart, title: 'Start again (Enter)' },
              icon('first'),
              'Again',
            ),
            h('button', { class: 'button', onclick: watch }, icon('play'), 'Watch it'),
            h(
              'button',
              {
                class: 'button',
                onclick: () => save(`${game.film.id}.jsonl`, recordOf(game.film), 'application/x-ndjson'),
              },
              icon('download'),
              'Save the record',
            ),
          ),
        ),
      ),
    ),
  )
  begin(first)
  const unbind = bindKeys([
    { keys: ['Backspace'], label: 'Take back the last step', run: undo },
    { keys: ['Enter'], label: 'Start again', run: restart },
  ])
  return () => {
    clearInterval(timer)
    unbind()
    stop()
    game.stop()
    controls.dispose()
    board.dispose()
    delete main.dataset.step
  }
}

/** Chooses game, preset and seed. */
function chooser({ env, config, seed, opening }: Setup, query: URLSearchParams): HTMLElement {
  const chosen = 'preset' in config && typeof config.preset === 'string' ? config.preset : ''
  const game = h(
    'select',
    { class: 'field', 'aria-label': 'Game', onchange: () => go(game.value, undefined, seedField.value) },
    games.envs.map(({ id, title }) =>
      h('option', { value: id, selected: id === env.id }, title.split(':')[0]),
    ),
  )
  const preset = h(
    'select',
    { class: 'field', 'aria-label': 'Preset', onchange: () => go(game.value, preset.value, seedField.value) },
    Object.keys(env.presets).map((name) =>
      h('option', { value: name, selected: name === chosen }, words(name)),
    ),
  )
  const seedField = h('input', { class: 'field', 'aria-label': 'Seed', value: seed, size: 10 })
  const go = (id: string, name: string | undefined, text: string) => {
    location.hash = address('play', '', { env: id, preset: name, seed: text })
  }
  const from = query.get('from')
  return h(
    'form',
    {
      class: 'panel side',
      onsubmit: (event) => {
        event.preventDefault()
        go(game.value, preset.value || undefined, seedField.value)
      },
    },
    from &&
      h(
        'p',
        { class: 'small' },
        `Goes on after step ${opening.length} of `,
        h('a', { href: address('episode', from, { step: opening.length }) }, from),
      ),
    h('div', { class: 'row' }, game, preset),
    h(
      'div',
      { class: 'row' },
      h('label', { class: 'small muted' }, 'Seed ', seedField),
      h('button', { class: 'button' }, 'Play'),
      h(
        'button',
        {
          class: 'button quiet',
          type: 'button',
          onclick: () => go(game.value, preset.value || undefined, String(Math.floor(Math.random() * 1e6))),
        },
        'Any seed',
      ),
    ),
  )
}
