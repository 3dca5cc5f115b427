import { h } from '../ui/dom.ts'

/** Rows drawn above and below what is in sight. */
const MARGIN = 1
/** Items out of sight that are kept as they are for who comes back. */
const KEPT = 120

/** A grid that scrolls with the page and may have very many items, of which only those in sight exist. */
export interface Shelf<T> {
  readonly element: HTMLElement
  /** Shows other values in the place of those that it has. */
  show(values: readonly T[]): void
  /** Looks again at what is in sight, after the element has come into the page. */
  look(): void
}

/**
 * @param item makes an item; all of them are equally high, and in as many columns as the grid of class `grid` has
 * @param came told of items that come into sight
 * @param went told of items that are in sight no more
 */
export function createShelf<T>(
  grid: string,
  item: (value: T) => HTMLElement,
  came: (items: readonly HTMLElement[]) => void,
  went: (items: readonly HTMLElement[]) => void,
): Shelf<T> {
  const list = h('ul', { class: grid })
  const element = h('div', { class: 'shelf' }, list)
  let values: readonly T[] = []
  let shown = new Map<number, HTMLElement>()
  /** Those out of sight, the longest so first. */
  const kept = new Map<number, HTMLElement>()
  let pending = 0

  const place = (index: number): HTMLElement => {
    const known = shown.get(index) ?? kept.get(index)
    kept.delete(index)
    if (known) return known
    const made = item(values[index])
    made.setAttribute('aria-posinset', String(index + 1))
    made.setAttribute('aria-setsize', String(values.length))
    return made
  }

  /** Puts items `first` to `last - 1` on the page, and takes the others from it. */
  const put = (first: number, last: number) => {
    const next = new Map<number, HTMLElement>()
    for (let index = first; index < last; index++) next.set(index, place(index))
    const gone = [...shown].filter(([index]) => !next.has(index))
    for (const [index, one] of gone) {
      one.remove()
      kept.set(index, one)
    }
    went(gone.map(([, one]) => one))
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break
      kept.delete(oldest)
    }
    let after: Element | null = list.firstElementChild
    for (const one of next.values()) {
      if (one === after) after = one.nextElementSibling
      else list.insertBefore(one, after)
    }
    came([...next].filter(([index]) => !shown.has(index)).map(([, one]) => one))
    shown = next
  }

  const look = () => {
    pending = 0
    if (!element.isConnected) return
    if (values.length > 0 && shown.size === 0) put(0, 1)
    const example = list.firstElementChild
    if (!example) {
      element.style.height = ''
      return
    }
    const { gridTemplateColumns, rowGap } = getComputedStyle(list)
    const columns = gridTemplateColumns.split(' ').length
    const row = example.getBoundingClientRect().height + Number.parseFloat(rowGap)
    const rows = Math.ceil(values.length / columns)
    element.style.height = `${rows * row}px`
    const { top } = element.getBoundingClientRect()
    const first = Math.max(0, Math.floor(-top / row) - MARGIN)
    const last = Math.min(rows, Math.ceil((innerHeight - top) / row) + MARGIN)
    list.style.top = `${first * row}px`
    put(first * columns, Math.min(values.length, last * columns))
  }

  const soon = () => {
    if (pending === 0) pending = requestAnimationFrame(look)
  }
  addEventListener('scroll', soon, { passive: true })
  addEventListener('resize', look)
  return {
    element,
    show(others) {
      put(0, 0)
      kept.clear()
      values = others
      look()
    },
    look,
  }
}
