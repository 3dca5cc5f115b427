import { rasterize } from '#core/draw/rasterize'
import { type CollectedLevel, told } from '#core/env/collection'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { toRgba } from '../board/plain.ts'
import { address, type Place } from '../net/router.ts'
import { openRecords } from '../replays/open.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import { notice } from '../ui/notice.ts'
import type { Answer } from './answer.ts'
import { levelFiles, levelsOf } from './kept.ts'
import { filmOf, Solver } from './solving.ts'

/** Levels that are put on the page at once. */
const PAGE = 120
/** Pixels of the longer side of a picture. */
const PIXELS = 320
/** Faults that are told. */
const TOLD = 3

/** The levels of a file as pictures: to be played, solved and changed. */
export function levelsPage(main: HTMLElement, { query }: Place): () => void {
  const files = levelFiles()
  const name = query.get('file') ?? files.at(-1) ?? ''
  const opened = levelsOf(name)
  const input = h('input', {
    type: 'file',
    accept: '.xsb,.sok,.txt,.slc,.xml',
    hidden: true,
    onchange: () => void openRecords(input.files ?? []),
  })
  const open = h('button', { class: 'button', onclick: () => input.click() }, icon('up'), 'Open levels')
  if (!opened) {
    main.replaceChildren(
      h('div', { class: 'head' }, h('h1', null, 'Levels'), h('span', { class: 'spread' }), open, input),
      notice(
        'empty',
        'image',
        'No levels are open',
        'Drop a file of levels of a game on the page (XSB, SLC). Each is shown, played, solved or changed here.',
      ),
    )
    return () => {}
  }
  const { env, collection } = opened
  const solver = new Solver()
  const progress = h('span', { class: 'muted small', role: 'status' })
  const grid = h('ul', { class: 'levels' })
  const tiles: Tile[] = []
  const drawn = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue
      drawn.unobserve(target)
      tiles.find(({ element }) => element === target)?.draw()
    }
  })
  const tell = () => {
    const solved = tiles.filter(({ answer }) => answer()?.steps).length
    const tried = tiles.filter(({ answer }) => answer()).length
    say(
      progress,
      tried > 0 ? `${solved} solved of ${tried}${solver.left > 0 ? ` · ${solver.left} to go` : ''}` : '',
    )
    all.hidden = solver.left > 0
    stop.hidden = solver.left === 0
  }
  const all = h(
    'button',
    {
      class: 'button',
      onclick: () => {
        for (const tile of tiles) tile.solve()
        tell()
      },
    },
    icon('check'),
    'Solve all that are shown',
  )
  const stop = h(
    'button',
    {
      class: 'button',
      onclick: () => {
        solver.stop()
        for (const tile of tiles) tile.rest()
        tell()
      },
    },
    icon('cross'),
    'Stop',
  )
  const more = h('button', { class: 'button', onclick: () => show() }, 'More levels')
  const show = () => {
    const next = collection.levels.slice(tiles.length, tiles.length + PAGE)
    for (const level of next) {
      const tile = tileOf(env, level, solver, tell)
      tiles.push(tile)
      grid.append(tile.element)
      drawn.observe(tile.element)
    }
    more.hidden = tiles.length >= collection.levels.length
  }
  const { faults } = collection
  main.replaceChildren(
    h(
      'div',
      { class: 'head' },
      h('h1', null, name),
      h('span', { class: 'muted' }, count(collection.levels.length, 'level')),
      progress,
      h('span', { class: 'spread' }),
      env.policies?.expert && [all, stop],
      open,
      input,
    ),
    faults.length > 0
      ? h(
          'p',
          { class: 'small muted' },
          `Left out: ${faults
            .slice(0, TOLD)
            .map((fault) => told(fault))
            .join('; ')}${faults.length > TOLD ? ` and ${faults.length - TOLD} more` : ''}`,
        )
      : '',
    grid,
    more,
  )
  document.title = `${name} · Kickpush`
  show()
  tell()
  return () => {
    solver.stop()
    drawn.disconnect()
  }
}

interface Tile {
  readonly element: HTMLElement
  answer(): Answer | null
  draw(): void
  solve(): void
  /** Its solution is no longer waited for. */
  rest(): void
}

function tileOf(
  env: Env,
  { config, name, number }: CollectedLevel,
  solver: Solver,
  changed: () => void,
): Tile {
  const canvas = h('canvas', { class: 'board', role: 'img', 'aria-label': name ?? `Level ${number}` })
  const state = h('span', { class: 'small muted' })
  const seed = '1'
  const text = JSON.stringify(config)
  const at = { env: env.id, config: text, name: name ?? `level ${number}`, seed }
  const watch = h(
    'button',
    { class: 'button quiet', hidden: true, onclick: () => void show() },
    icon('play'),
    'Watch',
  )
  const solve = h('button', { class: 'button quiet', onclick: () => tile.solve() }, icon('check'), 'Solve')
  let answer: Answer | null = null
  let asked = false
  const show = async () => {
    const film = await filmOf(env, config as Record<string, unknown>, seed, answer?.steps ?? [])
    location.hash = address('episode', film.id)
  }
  const element = h(
    'li',
    { class: 'panel level', 'data-number': number },
    h(
      'a',
      { href: address('play', '', at), 'aria-label': `Play ${at.name}` },
      h('span', { class: 'level-board' }, canvas),
    ),
    h('strong', { class: 'level-name', title: at.name }, at.name),
    state,
    h(
      'div',
      { class: 'row' },
      h('a', { class: 'button quiet', href: address('play', '', at) }, icon('hand'), 'Play'),
      env.policies?.expert ? solve : null,
      watch,
      env.editor
        ? h('a', { class: 'button quiet', href: address('edit', '', at) }, icon('pencil'), 'Change')
        : null,
    ),
  )
  const tile: Tile = {
    element,
    answer: () => answer,
    draw() {
      try {
        const begin = env.reset(resolveConfig(env, config as Record<string, unknown>), seed)
        const scene = env.scene(begin, 0)
        const scale = PIXELS / Math.max(scene.width, scene.height)
        const [width, height] = [Math.round(scene.width * scale), Math.round(scene.height * scale)]
        canvas.width = width
        canvas.height = height
        const image = new ImageData(width, height)
        toRgba(rasterize(scene, width, height).data, image.data)
        canvas.getContext('2d')?.putImageData(image, 0, 0)
      } catch (error) {
        say(state, (error as Error).message)
      }
    },
    solve() {
      if (asked) return
      asked = true
      say(state, 'solving …')
      solve.hidden = true
      solver.solve({ number, env: env.id, config: config as Record<string, unknown>, seed }, (found) => {
        answer = found
        element.dataset.answer = found.steps ? 'solved' : 'open'
        watch.hidden = !found.steps
        fill(
          state,
          found.steps
            ? h('span', { class: 'chip good' }, `solved in ${count(found.steps.length, 'step')}`)
            : h(
                'span',
                { class: 'chip' },
                found.least === Number.POSITIVE_INFINITY ? 'cannot be solved' : 'no solution found',
              ),
        )
        changed()
      })
      changed()
    },
    rest() {
      if (answer) return
      asked = false
      say(state, '')
      solve.hidden = false
    },
  }
  return tile
}
