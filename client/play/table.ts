import { createBoard } from '../board/board.ts'
import { Lens } from '../board/lens.ts'
import { badge } from '../episode/badge.ts'
import { Camera } from '../episode/camera.ts'
import { keepFilm } from '../episode/films.ts'
import { scoreLine } from '../episode/scoreboard.ts'
import { recordOf } from '../episode/written.ts'
import { address } from '../net/router.ts'
import { biggerOf } from '../ui/big.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count, signed } from '../ui/format.ts'
import { type IconName, icon } from '../ui/icon.ts'
import { bindKeys } from '../ui/keys.ts'
import { save } from '../ui/save.ts'
import { Signal } from '../ui/signal.ts'
import { outcomeChip } from '../ui/summary.ts'
import { chooser } from './chooser.ts'
import { type Controls, createControls, steered } from './controls.ts'
import { byHand, type Game, type Setup, startGame } from './game.ts'
import { keepGame, keptGame } from './kept.ts'
import { listenToPads } from './pad.ts'
import { seatsPanel } from './seats.ts'
import { listenToFingers } from './touch.ts'

/** A whole pitch is too small to be seen on these. */
const small = matchMedia('(max-width: 640px)')

/** Seconds that are taken back at once in a game that goes on by itself. */
const BACK = 2
/** Milliseconds between two steps of a way that was clicked. */
const WALK = 90

/** The page of one game; the result takes it down. */
export function table(main: HTMLElement, first: Setup, query: URLSearchParams): () => void {
  const { env } = first
  const board = createBoard(`${env.title}, played by hand`)
  const figures = h('p', { class: 'row', role: 'status' })
  const status = h('div', { class: 'row' })
  const camera = new Camera()
  const lens = new Lens()
  const above = h('div', { class: 'stage-above' })
  const paused = new Signal(false)
  const place = new URLSearchParams([...query].sort()).toString()
  let score: ReturnType<typeof scoreLine>
  let game: Game
  let controls: Controls
  let stop = () => {}

  const begin = (setup: Setup) => {
    stop()
    const begun = startGame(setup, (message) => say(figures, message))
    game = begun
    camera.reset()
    score = scoreLine(begun.film)
    fill(above, score.element)
    const unwatch = begun.film.changes.watch(show)
    stop = () => {
      unwatch()
      begun.stop()
    }
    fill(
      status,
      badge(begun.film, () => {}),
    )
  }
  const show = () => {
    const { film } = game
    const t = film.length
    const scene = film.stage(t, first.seat)
    // A click must mean the same place wherever a camera looks, so that games with clicks have none.
    const focus = env.point ? null : film.focus(t, first.seat)
    const near = focus && (focus.follow || small.matches)
    const seen = scene && (near ? camera.see(scene, focus, t) : scene)
    if (seen) board.show(lens.see(seen), env.pace ? 1000 / env.pace : WALK + 20)
    score.show(t, first.seat)
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

  let walking: ReturnType<typeof setTimeout> | undefined
  const walk = (way: readonly number[]) => {
    clearTimeout(walking)
    if (way.length === 0 || !game.act(way[0])) return
    walking = setTimeout(() => walk(way.slice(1)), WALK)
  }
  // A click or tap means what the game says it does, else the way there.
  const point = (event: MouseEvent) => {
    const state = game.film.state(game.film.length)
    const seat = seatNow()
    if (!state || seat === undefined) return
    const { x, y } = lens.place(event, board.element, env.scene(state, seat))
    const action = env.point?.(state, seat, x, y) ?? null
    if (action !== null) press(action)
    else walk(env.route?.(state, seat, x, y) ?? [])
  }
  if (env.point || env.route) {
    board.element.classList.add('pointed')
    board.element.addEventListener('click', point)
  }

  let queued: number | null = null
  let started = false
  const press = (action: number) => {
    clearTimeout(walking)
    started = true
    paused.value = false
    // With a clock the press waits for its tick, so that a short press is never lost.
    if (clock.checked) queued = action
    else game.act(action)
  }
  const tick = () => {
    if (!clock.checked || !started || paused.value) return
    const action = queued ?? controls.held() ?? env.idle?.(first.config)
    if (action !== undefined) game.act(action)
    queued = null
  }
  const clock = h('input', { type: 'checkbox', checked: env.pace !== undefined })
  const pace = env.pace ?? 4
  const timer = setInterval(tick, 1000 / pace)
  // Where others wait for a turn, or nothing would come of it, a key that is held is one press.
  const repeats = (action: number) => !clock.checked && !env.toAct && (legalNow()?.[action] ?? true)
  controls = createControls(env, first.config, press, repeats)

  const running = () => clock.checked && started && !game.film.end
  const pause = () => {
    if (running()) paused.value = !paused.value
  }
  /** Nobody plays while nobody looks. */
  const away = () => {
    if (running() && (document.hidden || !document.hasFocus())) paused.value = true
    keep()
  }
  const keep = () => {
    const { film } = game
    if (film.length > first.opening.length || film.length === 0 || film.end)
      keepGame(place, env.version, film.end ? [] : game.history())
  }
  document.addEventListener('visibilitychange', away)
  addEventListener('blur', away)
  addEventListener('pagehide', keep)

  const undo = () => {
    clearTimeout(walking)
    const steps = game.history()
    if (steps.length === 0) return
    const back = clock.checked ? Math.round(BACK * pace) : 1
    begin({ ...first, opening: steps.slice(0, Math.max(0, steps.length - back)) })
    if (clock.checked) paused.value = true
  }
  /** What was played before the last restart. */
  let before: readonly (readonly number[])[] = []
  const restart = () => {
    clearTimeout(walking)
    if (game.history().length > first.opening.length) before = game.history()
    bring.hidden = before.length === 0
    started = false
    paused.value = false
    begin(first)
  }
  const bring = h(
    'button',
    {
      class: 'button',
      hidden: true,
      onclick: () => {
        begin({ ...first, opening: before })
        paused.value = clock.checked
        started = true
        before = []
        bring.hidden = true
      },
    },
    icon('undo'),
    'The game before',
  )
  const watch = () => {
    game.stop()
    keepFilm(game.film)
    location.hash = address('episode', game.film.id)
  }
  const over = h(
    'button',
    { class: 'stage-paused', onclick: pause },
    icon('play'),
    'Paused: press P, or here, to go on',
  )
  const pauseButton = h(
    'button',
    { class: 'button', title: 'Pause (P)', onclick: pause },
    icon('pause'),
    'Pause',
  )
  const stage = h('div', { class: 'stage panel' }, above, board.element, over)
  const middle = h('div', { class: 'episode-main' }, stage)
  const button = (mark: IconName, label: string, title: string, run: () => void) =>
    h('button', { class: 'button', onclick: run, title }, icon(mark), label)
  const page = h(
    'div',
    { class: 'episode play' },
    middle,
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
          env.pace === undefined ? null : pauseButton,
          button('undo', 'Take back', 'Take back (Backspace)', undo),
          button('first', 'Again', 'Start again (Enter)', restart),
          bring,
          button('play', 'Watch it', 'Watch it as an episode', watch),
          button('download', 'Save the record', 'Save the record', () =>
            save(`${game.film.id}.jsonl`, recordOf(game.film), 'application/x-ndjson'),
          ),
        ),
      ),
    ),
  )
  const big = biggerOf(page, middle)
  stage.append(h('div', { class: 'stage-tools' }, big.buttons))
  main.replaceChildren(h('div', { class: 'head' }, h('h1', null, 'Play by hand'), status), page)
  const left = first.opening.length > 0 ? [] : keptGame(place, env.version)
  begin(left.length > 0 ? { ...first, opening: left } : first)
  const stops = [
    lens.bind(board.element),
    lens.changes.watch(show),
    paused.watch((on) => {
      over.hidden = !on
      pauseButton.setAttribute('aria-pressed', String(on))
      if (on) controls.free()
    }),
    listenToPads(env, controls, pause),
    steered(env) ? listenToFingers(board.element, stage, controls, lens, () => clock.checked) : () => {},
    bindKeys([
      ...big.keys,
      { keys: ['p', 'P', 'Escape'], label: 'Pause', run: pause },
      { keys: ['Backspace'], label: 'Take back the last step', run: undo },
      { keys: ['Enter'], label: 'Start again', run: restart },
    ]),
  ]
  return () => {
    keep()
    clearTimeout(walking)
    clearInterval(timer)
    document.removeEventListener('visibilitychange', away)
    removeEventListener('blur', away)
    removeEventListener('pagehide', keep)
    for (const end of stops) end()
    big.dispose()
    stop()
    controls.dispose()
    board.dispose()
    delete main.dataset.step
  }
}
