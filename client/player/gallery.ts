import { rasterize } from '#core/draw/rasterize'
import { readRecord } from '#core/record/jsonl'
import type { Card, Packed } from '#core/record/page'
import { Replay } from '#core/record/replay'
import { toRgba } from '../board/plain.ts'
import { Camera } from '../episode/camera.ts'
import { games } from '../games.ts'
import { unpackText } from '../share/pack.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count, signed } from '../ui/format.ts'
import { showEpisode } from './episode.ts'
import { createShelf } from './shelf.ts'

/** Pixels across of a picture, and the steps that are played for it: what an episode begins with is soon seen. */
const PIXELS = 280
const PLAYED = 40
/** Milliseconds of a frame of the page that pictures may take before they wait for the next. */
const OF_FRAME = 6

const ORDERS = {
  'as it was written': () => 0,
  'best first': (a: Card, b: Card) => b.return - a.return || a.steps - b.steps,
  'worst first': (a: Card, b: Card) => a.return - b.return || b.steps - a.steps,
  'strangest first': (a: Card, b: Card) => b.strange - a.strange,
} as const
type Order = keyof typeof ORDERS

/** Many episodes as pictures, ordered and filtered; each is played and verified when it is opened. */
export async function showGallery(
  main: HTMLElement,
  title: string,
  scripts: readonly string[],
): Promise<void> {
  const cards = (await Promise.all(scripts.map((src) => load<Card[]>(src)))).flat()
  let leave = () => {}
  const line = h('span', { class: 'muted', role: 'status' })
  const search = h('input', {
    class: 'field search',
    type: 'search',
    placeholder: 'Game, agent, seed, outcome',
    'aria-label': 'Search',
    oninput: () => list(),
  })
  const order = h(
    'select',
    { class: 'field', 'aria-label': 'Order', onchange: () => list() },
    // The command has put them into an order, which is kept until another is chosen.
    Object.keys(ORDERS).map((name) => h('option', { value: name }, name)),
  )
  const { want, forget } = pictures()
  const shelf = createShelf('levels', cardOf, want, forget)
  let place = 0
  let visits = 0
  const list = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const text = ({ title, env, agents, seed, outcome }: Card) =>
      [title, env, ...agents, seed, outcome].join(' ').toLowerCase()
    const found = cards.filter((card) => words.every((word) => text(card).includes(word)))
    found.sort(ORDERS[order.value as Order])
    say(line, count(found.length, 'episode'))
    shelf.show(found)
  }
  const go = async () => {
    const number = ++visits
    leave()
    leave = () => {}
    if (shelf.element.isConnected) place = scrollY
    const file = decodeURIComponent(location.hash.slice(1))
    const card = cards.find((one) => one.file === file)
    if (!card) {
      fill(
        main,
        h(
          'header',
          { class: 'row' },
          h('h1', null, title),
          line,
          h('span', { class: 'spread' }),
          search,
          order,
        ),
        shelf.element,
      )
      // How high all of it is must be known before one can be in the midst of it.
      shelf.look()
      scrollTo(0, place)
      shelf.look()
      return
    }
    const one = h('div', { class: 'alone-one' })
    fill(main, h('p', null, h('a', { class: 'button', href: '#' }, 'All of them')), one)
    scrollTo(0, 0)
    try {
      const packed = await load<Packed>(card.file)
      const stop = number === visits ? await showEpisode(one, packed) : () => {}
      // Who has gone on meanwhile is not left with the keys of what he did not wait for.
      if (number === visits) leave = stop
      else stop()
    } catch (error) {
      fill(one, h('p', { class: 'badge', 'data-verdict': 'differs' }, (error as Error).message))
    }
  }
  addEventListener('hashchange', () => void go())
  list()
  await go()
}

function cardOf(card: Card): HTMLElement {
  return h(
    'li',
    { class: 'panel level' },
    h(
      'a',
      { href: `#${encodeURIComponent(card.file)}` },
      h('span', { class: 'level-board' }, h('canvas', { class: 'board', 'data-file': card.file })),
      h('strong', { class: 'level-name' }, card.title),
    ),
    h('span', { class: 'small muted' }, card.agents[0]),
    h(
      'span',
      { class: 'row' },
      h('span', { class: `chip ${card.success ? 'good' : 'bad'}` }, card.outcome),
      h('span', { class: 'small muted' }, `${count(card.steps, 'step')} · ${signed(card.return)}`),
    ),
  )
}

/**
 * Draws the boards of cards that are wanted, one after the other: rows that came last first, for one may scroll past
 * thousands, and each from its beginning.
 */
function pictures() {
  const wanted = new Set<HTMLCanvasElement>()
  const drawn = new WeakSet<HTMLCanvasElement>()
  let drawing = false
  const draw = async () => {
    if (drawing) return
    drawing = true
    let began = 0
    for (;;) {
      const canvas = [...wanted].at(-1)
      if (!canvas) break
      wanted.delete(canvas)
      drawn.add(canvas)
      // Who scrolls is not held up.
      if (performance.now() - began > OF_FRAME) began = await new Promise(requestAnimationFrame)
      // One whose file is missing keeps its place, and says so when it is opened.
      await picture(canvas).catch(() => {})
    }
    drawing = false
  }
  const boardOf = (card: HTMLElement) => card.querySelector('canvas') as HTMLCanvasElement
  return {
    want(cards: readonly HTMLElement[]) {
      for (const canvas of cards.map(boardOf).reverse()) if (!drawn.has(canvas)) wanted.add(canvas)
      void draw()
    },
    forget(cards: readonly HTMLElement[]) {
      for (const card of cards) wanted.delete(boardOf(card))
    },
  }
}

/** Draws an episode as it stands after its first steps. */
async function picture(canvas: HTMLCanvasElement): Promise<void> {
  const { record } = await load<Packed>(canvas.dataset.file ?? '')
  const replay = new Replay(games.envs)
  for (const { event } of readRecord(await unpackText(record)).events) {
    replay.push(event)
    if (replay.steps.length >= PLAYED) break
  }
  const { env, state } = replay
  if (!env || !state) return
  const whole = env.stage?.(state, 0) ?? env.scene(state, 0)
  const focus = env.focus?.(state, 0)
  const scene = focus?.follow ? new Camera().see(whole, focus, state.t) : whole
  const height = Math.round((PIXELS * scene.height) / scene.width)
  canvas.width = PIXELS
  canvas.height = height
  const image = new ImageData(PIXELS, height)
  toRgba(rasterize(scene, PIXELS, height).data, image.data)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}

/** What a script beside the page gives: pages from disk may load scripts, and nothing else. */
function load<T>(src: string): Promise<T> {
  const names = globalThis as { kickpush?: (given: unknown) => void }
  const given = waiting.then(
    () =>
      new Promise<unknown>((resolve, reject) => {
        const script = h('script', { src })
        names.kickpush = (what) => resolve(what)
        script.onerror = () => reject(new Error(`${src} is not beside this page`))
        script.onload = () => script.remove()
        document.head.append(script)
      }),
  )
  waiting = given.catch(() => {})
  return given as Promise<T>
}
/** One after the other: each script gives one thing. */
let waiting: Promise<unknown> = Promise.resolve()
