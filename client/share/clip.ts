import type { Film } from '../episode/film.ts'
import type { Player } from '../episode/player.ts'
import { h, say } from '../ui/dom.ts'
import { save } from '../ui/save.ts'
import { toast } from '../ui/toast.ts'
import { type Cut, picturesOf } from './reel.ts'

const KINDS = ['mp4', 'webm', 'gif'] as const
type Kind = (typeof KINDS)[number]
const NAMES: Readonly<Record<Kind, string>> = { mp4: 'MP4', webm: 'WebM', gif: 'GIF' }
const WIDTHS = [320, 480, 720, 1080, 1440, 1920] as const
const SPEEDS = [0.5, 1, 2, 4, 8] as const
/** Pictures a second: videos are smooth, a GIF has few. */
const RATE = 30
const GIF_RATE = 10

/** Asks what of an episode is to be saved as a video or an animation, and draws it. */
export function openClip(film: Film, player: Player): void {
  const looped = player.loop.value
  const option = (value: string | number, label: string, chosen: boolean) =>
    h('option', { value, selected: chosen }, label)
  const kind = h(
    'select',
    { class: 'field' },
    KINDS.map((one) => option(one, NAMES[one], one === 'mp4')),
  )
  const number = (value: number) =>
    h('input', { class: 'field', type: 'number', min: 0, max: film.length, step: 1, value })
  const from = number(looped ? Math.ceil(looped.from) : 0)
  const to = number(looped ? Math.floor(looped.to) : film.length)
  const width = h(
    'select',
    { class: 'field' },
    WIDTHS.map((one) => option(one, `${one} pixels`, one === 720)),
  )
  const speed = h(
    'select',
    { class: 'field' },
    SPEEDS.map((one) => option(one, `${one}×`, one === 1)),
  )
  const near = h('input', { type: 'checkbox', checked: film.focus(0, 0)?.follow ?? false })
  const bar = h('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Drawn' })
  const line = h('p', { class: 'small muted', role: 'status' })
  let stop: AbortController | null = null

  const cut = (): Cut => {
    const first = Math.max(0, Math.min(film.length, Math.round(Number(from.value)) || 0))
    const rate = kind.value === 'gif' ? Math.min(GIF_RATE, film.pace * Number(speed.value)) : RATE
    return {
      ...{ from: first, to: Math.max(first, Math.min(film.length, Math.round(Number(to.value)) || 0)) },
      ...{ seat: 0, width: Number(width.value), speed: Number(speed.value), rate, near: near.checked },
    }
  }
  const describe = () => {
    const now = cut()
    const pictures = picturesOf(now, film.pace)
    say(line, `${(pictures / now.rate).toFixed(1)} s, ${pictures} pictures`)
  }
  const draw = async () => {
    stop = new AbortController()
    go.disabled = true
    bar.hidden = false
    const progress = (part: number) => {
      bar.value = part
      say(line, `${Math.round(100 * part)} % drawn`)
    }
    try {
      const chosen = kind.value as Kind
      const blob =
        chosen === 'gif'
          ? await (await import('./gif.ts')).gifOf(film, cut(), progress, stop.signal)
          : await (await import('./video.ts')).videoOf(film, cut(), chosen, progress, stop.signal)
      save(`${film.id}.${chosen}`, blob)
      dialog.close()
    } catch (error) {
      if (stop.signal.aborted) toast('Nothing was saved')
      say(line, stop.signal.aborted ? '' : (error as Error).message)
    } finally {
      stop = null
      go.disabled = false
      bar.hidden = true
    }
  }
  const cancel = () => {
    if (stop) stop.abort()
    else dialog.close()
  }
  const go = h('button', { class: 'button primary', onclick: () => void draw() }, 'Draw and save')
  const field = (label: string, control: HTMLElement) =>
    h('label', { class: 'clip-field' }, h('span', { class: 'small muted' }, label), control)
  const dialog = h(
    'dialog',
    {
      'aria-labelledby': 'clip-title',
      class: 'clip',
      onclose: () => {
        stop?.abort()
        dialog.remove()
      },
      oninput: describe,
    },
    h('h1', { id: 'clip-title' }, 'Save a video'),
    h(
      'div',
      { class: 'clip-fields' },
      field('As', kind),
      field('Across', width),
      field('From step', from),
      field('To step', to),
      field('Speed', speed),
      film.focus(0, 0) ? field('A camera follows', near) : null,
    ),
    bar,
    line,
    h('div', { class: 'row' }, go, h('button', { class: 'button', onclick: cancel }, 'Cancel')),
  )
  document.body.append(dialog)
  describe()
  dialog.showModal()
}
