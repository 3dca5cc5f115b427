import type { Frame } from '#core/draw/scene'
import { hashObservation, observe } from '#core/env/observe'
import type { Modality } from '#core/play/policy'
import { toRgba } from '../board/plain.ts'
import { fill, h } from '../ui/dom.ts'
import { icon } from '../ui/icon.ts'
import type { Film } from './film.ts'

/** What the agent got to see when it was asked: the same pixels, the same text. */
export interface ObservationPanel {
  readonly element: HTMLElement
  show(t: number, seat: number): void
}

/** Reads from `film`; before the first turn, and for hands, it shows what an agent would see. */
export function observationPanel(film: Film): ObservationPanel {
  const body = h('div', { class: 'observation' })
  const note = h('span', { class: 'small' })
  const title = h('h2', null, 'Observation')
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': 'Observation' },
    h('header', { class: 'row' }, title, h('span', { class: 'spread' }), note),
    body,
    film.sight ? null : promptOf(film),
  )
  let shown = ''
  return {
    element,
    show(t, seat) {
      const turn = film.turnAt(t, seat)
      const at = turn?.t ?? 0
      const modality: Modality = turn?.observation.modality ?? film.start?.conversation.modality ?? 'both'
      const key = `${at} ${seat} ${modality} ${film.problem}`
      if (key === shown) return
      const state = film.state(at)
      if (!state || !film.env) return
      shown = key
      const observation = observe(film.env, state, seat, modality)
      fill(
        body,
        observation.frame && frameCanvas(observation.frame),
        observation.text !== undefined && h('pre', { class: 'text-observation' }, observation.text),
      )
      if (!turn || film.sight) fill(note, '')
      else if (hashObservation(observation) === turn.observation.hash)
        fill(
          note,
          h(
            'span',
            { class: 'chip good', title: 'Its hash is the recorded one' },
            icon('check'),
            'as recorded',
          ),
        )
      else
        fill(
          note,
          h(
            'span',
            { class: 'chip bad', title: `Recorded with look ${film.start?.look}` },
            'drawn differently now',
          ),
        )
    },
  }
}

/** Pixels as they are, enlarged without smoothing. */
export function frameCanvas(frame: Frame): HTMLCanvasElement {
  const canvas = h('canvas', {
    class: 'frame',
    width: frame.width,
    height: frame.height,
    role: 'img',
    'aria-label': `Frame of ${frame.width} by ${frame.height} pixels`,
    title: `${frame.width} × ${frame.height} pixels`,
  })
  const image = new ImageData(frame.width, frame.height)
  toRgba(frame.data, image.data)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas
}

/** The rules as told to a language agent, filled in when opened. */
function promptOf(film: Film): HTMLElement {
  const text = h('pre')
  return h(
    'details',
    {
      class: 'fold',
      ontoggle: () => {
        if (!film.env || !film.start) return
        const prompt = film.env.prompt(film.start.config)
        const { modality } = film.start.conversation
        const parts = [prompt.rules, modality !== 'frame' && prompt.text, modality !== 'text' && prompt.frame]
        text.textContent = parts.filter(Boolean).join('\n\n')
      },
    },
    h('summary', null, 'Rules told to the agent'),
    text,
  )
}
