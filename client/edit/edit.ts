import { UserError } from '#core/base/errors'
import { resolveConfig } from '#core/env/config'
import type { At } from '#core/env/editor'
import type { Env } from '#core/env/env'
import { findEnv } from '#core/env/registry'
import { createBoard } from '../board/board.ts'
import { Lens } from '../board/lens.ts'
import { games } from '../games.ts'
import { filmOf, Solver } from '../levels/solving.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { inTab } from '../net/tab.ts'
import { configOf } from '../play/setup.ts'
import { fill, h, say } from '../ui/dom.ts'
import { count, words } from '../ui/format.ts'
import { type IconName, icon } from '../ui/icon.ts'
import { bindKeys } from '../ui/keys.ts'
import { notice } from '../ui/notice.ts'
import { save } from '../ui/save.ts'
import { copy } from '../ui/toast.ts'

/** Strokes that can be taken back. */
const HISTORY = 200

/** Carrying in the place of painting. */
const HAND = 'carry'

/** Makes a level of a game that has an editor: from a preset, a level of a file, or an address. */
export function editPage(main: HTMLElement, { query }: Place): () => void {
  try {
    const wanted = query.get('env') ?? games.envs.find(({ editor }) => editor)?.id ?? ''
    return desk(main, findEnv(games.envs, wanted), query)
  } catch (error) {
    const again = h('a', { class: 'button', href: address('edit') }, 'Another level')
    main.replaceChildren(notice('error', 'cross', 'This cannot be changed', (error as Error).message, again))
    return () => {}
  }
}

function desk(main: HTMLElement, env: Env, query: URLSearchParams): () => void {
  const { editor } = env
  if (!editor) throw new Error(`${env.id} has no editor.`)
  const seed = query.get('seed') || '1'
  const name = query.get('name') ?? ''
  /** What the address asks for, whether it can be played or not. */
  const first = (): object => {
    const given = configOf(env, query)
    try {
      return env.reset(given, seed).config
    } catch {
      return given
    }
  }
  const past: object[] = [first()]
  let at = 0
  let shown = past[0]
  const board = createBoard('The level')
  board.element.classList.add('steered')
  const lens = new Lens()
  const solver = new Solver()
  const status = h('p', { class: 'edit-status', role: 'status' })
  const found = h('span', { class: 'small' })

  const config = () => past[at]
  const least = () => ({ ...editor.least(shown) })
  const place = () => ({ env: env.id, config: JSON.stringify(least()), name: name || undefined, seed })
  /** Why it cannot be played; null when it can. */
  const problem = (): string | null => {
    try {
      env.reset(resolveConfig(env, least()), seed)
      return null
    } catch (error) {
      if (error instanceof UserError) return error.message
      throw error
    }
  }
  const show = () => {
    board.show(lens.see(editor.scene(shown)), 0)
  }
  const changed = () => {
    shown = config()
    show()
    solver.stop()
    fill(found)
    const wrong = problem()
    say(status, wrong ?? 'This can be played.')
    status.dataset.good = String(wrong === null)
    for (const link of [playLink, trainLink]) link.toggleAttribute('aria-disabled', wrong !== null)
    solve.disabled = wrong !== null
    playLink.href = address('play', '', place())
    trainLink.href = `${inTab ? '' : 'tab.html'}${address('lab', '', { env: env.id, config: JSON.stringify(least()) })}`
    undo.disabled = at === 0
    redo.disabled = at === past.length - 1
    rewrite(address('edit', '', place()))
  }
  const commit = (next: object) => {
    if (next === config()) return
    past.length = at + 1
    past.push(next)
    if (past.length > HISTORY) past.shift()
    at = past.length - 1
    changed()
  }
  const step = (by: -1 | 1) => {
    at = Math.max(0, Math.min(past.length - 1, at + by))
    changed()
  }

  let brush: string = editor.brushes[0] ?? HAND
  const tools = [...editor.brushes, HAND].map((tool, index) =>
    h(
      'button',
      {
        class: 'button',
        'data-brush': tool,
        'aria-pressed': String(tool === brush),
        onclick: () => {
          brush = tool
          for (const button of tools)
            button.setAttribute('aria-pressed', String(button.dataset.brush === tool))
        },
      },
      words(tool),
      h('kbd', null, String(index + 1)),
    ),
  )
  const whereOf = (event: PointerEvent): At => lens.place(event, board.element, editor.scene(shown))
  let stroke: { readonly from: At; readonly pointer: number } | null = null
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || stroke) return
    event.preventDefault()
    stroke = { from: whereOf(event), pointer: event.pointerId }
    board.element.setPointerCapture(event.pointerId)
    if (brush !== HAND) draw(event)
  }
  const draw = (event: PointerEvent) => {
    if (!stroke || event.pointerId !== stroke.pointer || lens.pinching) return
    const next =
      brush === HAND
        ? (editor.carry(config(), stroke.from, whereOf(event)) ?? config())
        : editor.paint(shown, brush, whereOf(event))
    if (next === shown) return
    shown = next
    show()
  }
  const up = (event: PointerEvent) => {
    if (event.pointerId !== stroke?.pointer) return
    stroke = null
    const next = shown
    shown = config()
    if (lens.pinching || JSON.stringify(next) === JSON.stringify(shown)) show()
    else commit(next)
  }
  board.element.addEventListener('pointerdown', down)
  board.element.addEventListener('pointermove', draw)
  board.element.addEventListener('pointerup', up)
  board.element.addEventListener('pointercancel', up)

  const button = (mark: IconName, label: string, run: () => void, title = label) =>
    h('button', { class: 'button', title, onclick: run }, icon(mark), label)
  const undo = button('undo', 'Take back', () => step(-1), 'Take back (Ctrl+Z)')
  const redo = button('loop', 'Again', () => step(1), 'Once more (Ctrl+Y)')
  const solve = button('check', env.stepsToGo ? 'Solve' : 'Let the expert try', () => {
    say(found, 'solving …')
    solver.solve(
      { number: 0, env: env.id, config: least() as Record<string, unknown>, seed },
      ({ steps, least: fewest }) => {
        if (!steps) {
          say(found, fewest === Number.POSITIVE_INFINITY ? 'It cannot be solved.' : 'No solution was found.')
          return
        }
        const watch = async () => {
          const film = await filmOf(env, least() as Record<string, unknown>, seed, steps)
          location.hash = address('episode', film.id)
        }
        fill(
          found,
          `${env.stepsToGo ? 'Solved' : 'Won'} in ${count(steps.length, 'step')}. `,
          h('button', { class: 'button quiet', onclick: () => void watch() }, icon('play'), 'Watch'),
        )
      },
    )
  })
  const playLink = h('a', { class: 'button primary' }, icon('hand'), 'Play')
  const trainLink = h(
    'a',
    { class: 'button', title: 'A recipe of the Lab that trains on it' },
    icon('lab'),
    'Send to training',
  )
  const grow = (columns: number, rows: number) => commit(editor.grow?.(config(), columns, rows) ?? config())
  const size = (label: string, columns: number, rows: number) => [
    h('span', { class: 'small muted' }, label),
    h(
      'button',
      { class: 'button square', 'aria-label': `Fewer ${label}`, onclick: () => grow(-columns, -rows) },
      icon('minus'),
    ),
    h(
      'button',
      { class: 'button square', 'aria-label': `More ${label}`, onclick: () => grow(columns, rows) },
      icon('plus'),
    ),
  ]
  const file = name || env.id
  main.replaceChildren(
    h('div', { class: 'head' }, h('h1', null, name ? `Change ${name}` : 'Make a level'), chooser(env, query)),
    h(
      'div',
      { class: 'episode play' },
      h('div', { class: 'episode-main' }, h('div', { class: 'stage panel' }, board.element)),
      h(
        'div',
        { class: 'episode-side' },
        h(
          'section',
          { class: 'panel side', 'aria-label': 'Tools' },
          tools.length > 1
            ? h('div', { class: 'row', role: 'group', 'aria-label': 'Brush' }, tools)
            : h('p', { class: 'small muted' }, 'Carry players and ball to where they begin.'),
          editor.grow ? h('div', { class: 'row' }, size('columns', 1, 0), size('rows', 0, 1)) : null,
          h('div', { class: 'row' }, undo, redo),
          status,
        ),
        h(
          'section',
          { class: 'panel side', 'aria-label': 'What to do with it' },
          h('div', { class: 'row' }, playLink, env.policies?.expert ? solve : null),
          found,
          h(
            'div',
            { class: 'row' },
            button(
              'share',
              'Copy as a link',
              () => void copy(new URL(address('play', '', place()), location.href).href, 'Link'),
            ),
            trainLink,
          ),
          h(
            'div',
            { class: 'row' },
            editor.write
              ? button('download', 'Save the level', () =>
                  save(`${file}.xsb`, `${name ? `; ${name}\n` : ''}${editor.write?.(shown)}\n`),
                )
              : null,
            button('download', 'Save as config', () =>
              save(`${file}.json`, `${JSON.stringify(least(), null, 2)}\n`, 'application/json'),
            ),
          ),
        ),
      ),
    ),
  )
  changed()
  const keys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey)) return
    const back = event.key === 'z' && !event.shiftKey
    if (!back && event.key !== 'y' && event.key.toLowerCase() !== 'z') return
    event.preventDefault()
    step(back ? -1 : 1)
  }
  document.addEventListener('keydown', keys)
  const stops = [
    lens.bind(board.element),
    lens.changes.watch(show),
    bindKeys(
      tools.map((tool, index) => ({
        keys: [String(index + 1)],
        label: `Brush: ${words(tool.dataset.brush ?? '')}`,
        run: () => tool.click(),
      })),
    ),
  ]
  return () => {
    document.removeEventListener('keydown', keys)
    for (const stop of stops) stop()
    solver.stop()
    board.dispose()
  }
}

/** Which game and preset to begin from. */
function chooser(env: Env, query: URLSearchParams): HTMLElement {
  const go = (id: string, preset?: string) => {
    location.hash = address('edit', '', { env: id, preset, seed: query.get('seed') ?? undefined })
  }
  const game = h(
    'select',
    { class: 'field', 'aria-label': 'Game', onchange: () => go(game.value) },
    games.envs
      .filter(({ editor }) => editor)
      .map(({ id, title }) => h('option', { value: id, selected: id === env.id }, title.split(':')[0])),
  )
  const presets = Object.keys(env.presets)
  const chosen = query.has('config') ? '' : (query.get('preset') ?? presets[0])
  const preset = h(
    'select',
    { class: 'field', 'aria-label': 'Begin from', onchange: () => preset.value && go(env.id, preset.value) },
    query.has('config') && h('option', { value: '', selected: true }, 'as it is'),
    presets.map((one) => h('option', { value: one, selected: one === chosen }, words(one))),
  )
  return h('span', { class: 'row' }, game, preset)
}
