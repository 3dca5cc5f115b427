import type { Observation } from '#core/play/policy'
import { h } from '../ui/dom.ts'
import { number, words } from '../ui/format.ts'
import type { Sight, Whose } from './looking.ts'
import { frameCanvas } from './observation.ts'

/** What can be shown of an observation. */
export const MEASURES = {
  '': 'Nothing',
  occlusion: 'Occlusion',
  value: 'Occlusion, of the value',
  attention: 'Attention',
} as const
export type Measure = Exclude<keyof typeof MEASURES, ''>

/** The observation with what mattered in it. */
export function drawn({ text, frame }: Observation, { slots }: Sight, measure: Measure): HTMLElement[] {
  const most = slots.reduce((found, slot) => Math.max(found, Math.abs(slot[measure])), 1e-9)
  const elements: HTMLElement[] = []
  if (frame) {
    const canvas = frameCanvas(frame)
    canvas.setAttribute('aria-label', 'The frame, with what mattered in it')
    const patches = slots.filter(({ word }) => word === undefined)
    const side = frame.width / (1 + patches.reduce((found, { column }) => Math.max(found, column), 0))
    const context = canvas.getContext('2d')
    for (const slot of patches) {
      if (!context) break
      const part = slot[measure] / most
      context.fillStyle = `rgb(${part < 0 ? '255 60 60' : '70 255 130'} / ${Math.abs(part) * 0.75})`
      context.fillRect(slot.column * side, slot.row * side, side, side)
    }
    elements.push(canvas)
  }
  if (text !== undefined) {
    const rows: HTMLElement[][] = []
    for (const slot of slots) {
      if (slot.word === undefined) continue
      const part = slot[measure] / most
      const cell = h(
        'span',
        {
          class: part < 0 ? 'token below' : 'token',
          title: `${MEASURES[measure]} ${number(slot[measure], 3)}`,
        },
        slot.word,
      )
      cell.style.setProperty('--p', `${Math.round(60 * Math.abs(part))}%`)
      rows[slot.row] ??= []
      rows[slot.row].push(cell)
    }
    elements.push(
      h(
        'div',
        { class: 'sight-text' },
        rows.map((row) => h('div', null, row)),
      ),
    )
  }
  return elements
}

/** What is to be known of a sight, in words. */
export function explained({ word, probability, value, seen }: Sight, measure: Measure, eyes: Whose): string {
  const what = `“${words(word)}”, ${number(100 * probability, 1)} %`
  const says = {
    occlusion: `${what}: without what is green it is less likely, without what is red more.`,
    value: `Expects ${number(value)}: without what is green it expects less, without what is red more.`,
    attention: `${what}: the greener, the more attention where it is chosen, mean over blocks and heads.`,
  }[measure]
  const who =
    'run' in eyes ? `With the newest weights of ${eyes.run}, which need not be those that played` : ''
  return [says, [who, seen].filter(Boolean).join(': ')].filter(Boolean).join(' ')
}
