import { ask } from '../net/tab.ts'
import { fill, h, say } from '../ui/dom.ts'

/** A choice of what computes; of what cannot be chosen here it says why. */
export function chooseBackend(): { readonly element: HTMLElement; value(): string } {
  const note = h('span', { class: 'muted small' })
  const tell = (why: string | null) => {
    const chosen = choice.value === 'webgpu'
    say(
      note,
      chosen
        ? 'Bits differ from those of other machines, and from run to run; a rerun compares on wasm.'
        : why === null
          ? ''
          : `WebGPU: ${why}`,
    )
  }
  let why: string | null = null
  const choice = h('select', { class: 'field', 'aria-label': 'Backend', onchange: () => tell(why) })
  fill(
    choice,
    h('option', { value: 'wasm', title: 'The same bits everywhere' }, 'wasm'),
    h('option', { value: 'webgpu', disabled: true }, 'WebGPU'),
  )
  void ask('backends').then(
    ({ webgpu }) => {
      why = webgpu
      choice.options[1].disabled = why !== null
      tell(why)
    },
    () => {},
  )
  return { element: h('span', { class: 'row' }, choice, note), value: () => choice.value }
}
