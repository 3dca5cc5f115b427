import { fill, h } from './dom.ts'
import { words } from './format.ts'

/** A filter by one value; the empty value is everything. */
export interface Filter {
  readonly element: HTMLSelectElement
  /** Offers these values; the chosen one stays offered. */
  offer(values: readonly string[]): void
}

/** A drop-down named `label` that tells its value when it changes. */
export function createFilter(label: string, value: string, changed: (value: string) => void): Filter {
  const element = h('select', {
    class: 'field',
    'aria-label': label,
    onchange: () => changed(element.value),
  })
  const offer = (values: readonly string[]) => {
    const chosen = element.value || value
    const all = chosen && !values.includes(chosen) ? [...values, chosen] : values
    fill(
      element,
      h('option', { value: '' }, label),
      all.map((each) => h('option', { value: each }, words(each))),
    )
    element.value = chosen
    value = ''
  }
  offer([])
  return { element, offer }
}
