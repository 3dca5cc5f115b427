import { link } from './net/connection.ts'
import { address } from './net/router.ts'
import { inTab } from './net/tab.ts'
import { h, say } from './ui/dom.ts'
import { openHelp } from './ui/help.ts'
import { type IconName, icon } from './ui/icon.ts'
import { theme, toggleTheme } from './ui/theme.ts'

const PAGES: readonly { name: string; label: string; icon: IconName; href?: string }[] = [
  { name: '', label: 'Live', icon: 'live' },
  { name: 'replays', label: 'Replays', icon: 'replays' },
  { name: 'compare', label: 'Compare', icon: 'compare' },
  { name: 'training', label: 'Training', icon: 'training' },
  { name: 'play', label: 'Play', icon: 'hand' },
  // A page that is its own server: beside one with a server it is another.
  { name: 'lab', label: 'Lab', icon: 'lab', href: inTab ? undefined : `tab.html${address('lab')}` },
]

/** What the light says. */
const STATUS = { connecting: 'Connecting', connected: 'Connected', disconnected: 'Disconnected' } as const

/** The frame around every page. */
export interface Shell {
  readonly main: HTMLElement
  /** Marks the page one is on. */
  mark(name: string): void
}

/** Puts the frame into the document. */
export function createShell(): Shell {
  const main = h('main', { class: 'main', id: 'main', tabindex: '-1' })
  const links = PAGES.map((page) =>
    h(
      'a',
      { href: page.href ?? address(page.name), 'data-page': page.name },
      icon(page.icon),
      h('span', null, page.label),
    ),
  )
  for (const [index, link] of links.entries()) link.setAttribute('aria-label', PAGES[index].label)
  const statusText = h('span')
  const statusLine = h('div', { class: 'link', role: 'status' }, statusText)
  link.status.watch((value) => {
    statusLine.dataset.status = value
    statusLine.title = STATUS[value]
    say(statusText, STATUS[value])
  })
  const themeButton = h('button', { class: 'button quiet square', onclick: toggleTheme })
  theme.watch((value) => {
    const other = value === 'dark' ? 'light' : 'dark'
    themeButton.replaceChildren(icon(value === 'dark' ? 'sun' : 'moon'))
    themeButton.setAttribute('aria-label', `Use ${other} colours`)
    themeButton.title = `Use ${other} colours`
  })
  const help = h(
    'button',
    { class: 'button quiet square', 'aria-label': 'Keys', title: 'Keys (?)', onclick: openHelp },
    icon('help'),
  )
  const skip = h('button', { class: 'button skip', onclick: () => main.focus() }, 'Skip to content')
  document.body.append(
    h(
      'div',
      { class: 'shell' },
      skip,
      h(
        'header',
        { class: 'top' },
        h('a', { class: 'logo', href: address('') }, logo(), h('span', null, 'Kickpush')),
        h('nav', { class: 'nav', 'aria-label': 'Pages' }, links),
        h('div', { class: 'tools' }, statusLine, themeButton, help),
      ),
      main,
    ),
  )
  return {
    main,
    mark(name) {
      for (const link of links) {
        if (link.dataset.page === name) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}

/** A box that was pushed and a ball that was kicked. */
function logo(): Element {
  const template = document.createElement('template')
  template.innerHTML =
    '<svg viewBox="0 0 24 24" fill="none" aria-hidden="true">' +
    '<rect x="2" y="9" width="11" height="12" rx="2" fill="var(--accent)"/>' +
    '<path d="M2 14.500h11" stroke="var(--ground)" stroke-width="1.6"/>' +
    '<circle cx="17.500" cy="7" r="4.200" fill="var(--text)"/>' +
    '<path d="M15 21h7" stroke="var(--good)" stroke-width="2" stroke-linecap="round"/></svg>'
  return template.content.firstElementChild as Element
}
