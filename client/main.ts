import './style/index.css'
import { z } from 'zod'
import { link } from './net/connection.ts'
import { address, here, type Place } from './net/router.ts'
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
  replays: async () => (await import('./replays/replays.ts')).replaysPage,
  compare: async () => (await import('./compare/compare.ts')).comparePage,
  training: async () => (await import('./training/training.ts')).trainingPage,
  play: async () => (await import('./play/play.ts')).playPage,
}

const shell = createShell()
let leave = () => {}
let visit = 0

async function go(): Promise<void> {
  const place = here()
  const number = ++visit
  leave()
  leave = () => {}
  shell.mark(place.name === 'episode' ? 'replays' : place.name)
  const find = PAGES[place.name]
  if (!find) {
    const home = h('a', { class: 'button primary', href: address('') }, 'To the live wall')
    shell.main.replaceChildren(
      notice('empty', 'help', 'No such page', `There is nothing at “${place.name}”.`, home),
    )
    return
  }
  const slow = setTimeout(() => shell.main.replaceChildren(loading('Loading …')), 150)
  try {
    const page = await find()
    if (number === visit) leave = page(shell.main, place)
  } catch (error) {
    const again = h('button', { class: 'button', onclick: () => location.reload() }, 'Load again')
    shell.main.replaceChildren(notice('error', 'cross', 'This page failed', (error as Error).message, again))
    console.error(error)
  } finally {
    clearTimeout(slow)
  }
}

bindKeys([{ keys: ['?'], label: 'Show these keys', run: openHelp }])
addEventListener('hashchange', () => void go())
link.connect()
void import('./replays/drop.ts').then((module) => module.acceptDrops())
void go()
