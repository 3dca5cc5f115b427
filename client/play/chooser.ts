import { games } from '../games.ts'
import { address } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { words } from '../ui/format.ts'
import { icon } from '../ui/icon.ts'
import type { Setup } from './game.ts'

/** Chooses game, preset and seed. */
export function chooser({ env, config, seed, opening }: Setup, query: URLSearchParams): HTMLElement {
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
    query.has('config') && h('option', { value: '', selected: true }, query.get('name') ?? 'of its own'),
    Object.keys(env.presets).map((name) =>
      h('option', { value: name, selected: name === chosen && !query.has('config') }, words(name)),
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
      env.levels &&
        h('a', { class: 'button quiet', href: address('levels') }, icon('image'), 'Levels of a file'),
      env.editor &&
        h(
          'a',
          {
            class: 'button quiet',
            href: address('edit', '', {
              env: env.id,
              preset: chosen || undefined,
              seed,
              config: query.get('config') ?? undefined,
              name: query.get('name') ?? undefined,
            }),
          },
          icon('pencil'),
          'Change it',
        ),
    ),
  )
}
