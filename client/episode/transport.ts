import { h } from '../ui/dom.ts'
import { icon } from '../ui/icon.ts'
import { type Player, SPEEDS } from './player.ts'

/** The buttons that play, step and set the speed. */
export function transport(player: Player, length: () => number): HTMLElement {
  const toggle = h('button', { class: 'button primary square', onclick: () => player.toggle() })
  player.playing.watch((playing) => {
    toggle.replaceChildren(icon(playing ? 'pause' : 'play'))
    toggle.setAttribute('aria-label', playing ? 'Pause' : 'Play')
    toggle.title = `${playing ? 'Pause' : 'Play'} (Space)`
  })
  const speed = h(
    'select',
    {
      class: 'field',
      'aria-label': 'Speed',
      title: 'Speed ([ and ])',
      onchange: () => {
        player.speed.value = SPEEDS[speed.selectedIndex]
      },
    },
    SPEEDS.map((value) => h('option', { value }, `${value}×`)),
  )
  player.speed.watch((value) => {
    speed.value = String(value)
  })
  const follow = h(
    'button',
    { class: 'button follow', title: 'Follow the newest step (F)', onclick: () => player.toggleFollow() },
    icon('follow'),
    h('span', null, 'Follow'),
  )
  player.follow.watch((on) => follow.setAttribute('aria-pressed', String(on)))
  const button = (name: 'first' | 'last' | 'back' | 'next', label: string, run: () => void) =>
    h('button', { class: 'button square', 'aria-label': label, title: label, onclick: run }, icon(name))
  return h(
    'div',
    { class: 'transport' },
    button('first', 'To the start', () => player.step(-Infinity)),
    button('back', 'One step back', () => player.step(-1)),
    toggle,
    button('next', 'One step on', () => player.step(1)),
    button('last', 'To the end', () => player.seek(length())),
    speed,
    follow,
  )
}
