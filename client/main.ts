import './style/index.css'
import { z } from 'zod'
import { own } from '#core/base/own'
import { paceBoards } from './board/board.ts'
import { loadGames } from './games.ts'
import { games as listed } from './net/api.ts'
import { link } from './net/connection.ts'
import { address, type Place, visit } from './net/router.ts'
import { inTab, watchLab } from './net/tab.ts'
import { createShell } from './shell.ts'
import { h } from './ui/dom.ts'
import { openHelp } from './ui/help.ts'
import { bindKeys } from './ui/keys.ts'
import { loading, notice } from './ui/notice.ts'

// The content security policy forbids eval, and zod would try it.
z.config({ jitless: true })

/** Fills `main` with a page; the result takes it down. */
type Page = (main: HTMLElement, place: Place) => () => void

/** Every page by its name in the address, loaded when it is first visited. */
const PAGES: Readonly<Record<string, () => Promise<Page>>> = {
  '': async () => (await import('./wall/wall.ts')).wallPage,
  episode: async () => (await import('./episode/episode.ts')).episodePage,
  link: async () => (await import('./share/page.ts')).linkPage,
  replays: async () => (await import('./replays/replays.ts')).replaysPage,
  compare: async () => (await import('./compare/compare.ts')).comparePage,
  results: async () => (await import('./results/results.ts')).resultsPage,
  training: async () => (await import('./training/training.ts')).trainingPage,
  learning: async () => (await import('./training/strip.ts')).stripPage,
  play: async () => (await import('./play/play.ts')).playPage,
  edit: async () => (await import('./edit/edit.ts')).editPage,
  levels: async () => (await import('./levels/levels.ts')).levelsPage,
  lab: async () => (await import('./lab/lab.ts')).labPage,
}

/** Pages that stand under another one. */
const UNDER: Readonly<Record<string, string>> = {
  episode: 'replays',
  link: 'replays',
  results: 'compare',
  edit: 'play',
  levels: 'play',
  learning: 'training',
}

/** What the browser's tab says, until the page knows better. */
const TITLES: Readonly<Record<string, string>> = {
  '': 'Live',
  episode: 'Episode',
  link: 'Episode',
  replays: 'Replays',
  compare: 'Compare',
  results: 'Results',
  training: 'Training',
  learning: 'Watch it learn',
  play: 'Play by hand',
  edit: 'Make a level',
  levels: 'Levels',
  lab: 'Lab',
}

/** Milliseconds from one picture of boards to the next while a learner of this page wants the same cores. */
const SHARED = 40

/** How long (ms) the first boards have the network for themselves. */
const AHEAD = 3000

const shell = createShell()
/** Pages begin when all games are there. */
const games = listed().then(
  (files) => loadGames(files, document.baseURI),
  () => {}, // no server: what the page was built with
)
let leave = () => {}
let visits = 0

async function go(): Promise<void> {
  const place = visit()
  const number = ++visits
  leave()
  leave = () => {}
  // Of the page that is left nothing can be pressed, and nothing it has opened stays.
  shell.main.inert = true
  for (const dialog of document.querySelectorAll('dialog')) dialog.close()
  /** Hands over the page's place, unless another visit has begun since. */
  const enter = (fill: () => void) => {
    if (number !== visits) return
    shell.main.inert = false
    // Who navigates by keyboard goes on where the new page begins.
    if (number > 1) shell.main.focus({ preventScroll: true })
    fill()
  }
  const show = (what: HTMLElement) => enter(() => shell.main.replaceChildren(what))
  shell.mark(own(UNDER, place.name) ?? place.name)
  if (!(history.state as { scroll?: number } | null)?.scroll) scrollTo(0, 0)
  document.title = `${own(TITLES, place.name) ?? 'No such page'} · Kickpush`
  const find = own(PAGES, place.name)
  if (!find) {
    const home = h('a', { class: 'button primary', href: address('') }, 'To the live wall')
    show(notice('empty', 'help', 'No such page', `There is nothing at “${place.name}”.`, home))
    return
  }
  const slow = setTimeout(() => show(loading('Loading …')), 150)
  try {
    const [page] = await Promise.all([find(), games])
    enter(() => {
      leave = page(shell.main, place)
    })
  } catch (error) {
    const again = h('button', { class: 'button', onclick: () => location.reload() }, 'Load again')
    const text = (error as Error).message
    show(
      link.status.value === 'disconnected'
        ? notice('error', 'cross', 'Not without the server', 'This page was not loaded before.', again)
        : notice('error', 'cross', 'This page failed', text, again),
    )
    console.error(error)
  } finally {
    clearTimeout(slow)
  }
}

// Lists come in pages, so that only they know how to get back to where one was.
history.scrollRestoration = 'manual'
bindKeys([{ keys: ['?'], label: 'Show these keys', run: openHelp }])
addEventListener('hashchange', () => void go())
link.connect()
if (inTab) watchLab(({ training }) => paceBoards(training === null ? 0 : SHARED))
void import('./replays/drop.ts').then((module) => module.acceptDrops())
void go()

/** Fetches every page before it is visited, so that what needs no server works when there is none. */
async function fetchAhead(): Promise<void> {
  try {
    // Only pages of this machine and of https may have a worker.
    if (navigator.serviceWorker) await navigator.serviceWorker.register('./offline.js')
    else await Promise.all(Object.values(PAGES).map((find) => find()))
  } catch (error) {
    console.info('Not kept for when there is no server:', (error as Error).message)
  }
}
setTimeout(() => void fetchAhead(), AHEAD)
