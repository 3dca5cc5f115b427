import { h } from './dom.ts'

/** Rows fetched at once. */
const PAGE = 100
/** Rows drawn above and below what is visible. */
const MARGIN = 8

/** A long list of which only the visible rows exist; pages are fetched when they come into sight. */
export interface Table<T> {
  readonly element: HTMLElement
  /** Rows there are in all, as far as is known. */
  total(): number
  /** The rows in sight. */
  visible(): readonly T[]
  /** Forgets everything and begins with the first page. */
  reload(): void
  /** Fetches again what is in sight; what is the same stays as it is. */
  refresh(): void
  /** Takes as many rows for granted, so that the page can be scrolled to where it was. */
  expect(total: number): void
  dispose(): void
}

interface Options<T> {
  /** Rows `offset` to `offset + limit - 1`, and how many there are in all. */
  fetch(offset: number, limit: number, signal: AbortSignal): Promise<{ total: number; rows: readonly T[] }>
  row(value: T): HTMLElement
  /** Told the number of rows whenever some were fetched. */
  loaded(total: number): void
  failed(error: Error): void
}

interface Drawn<T> {
  readonly item: HTMLElement
  readonly value: T
}

/** A virtual table that scrolls with the page; rows are as high as the CSS length `--row`. */
export function createTable<T>({ fetch, row, loaded, failed }: Options<T>): Table<T> {
  const element = h('div', { class: 'table', role: 'list' })
  let pages = new Map<number, readonly T[] | null>()
  let drawn = new Map<number, Drawn<T>>()
  let total = 0
  let abort = new AbortController()
  let pending = 0

  const count = (n: number) => {
    total = n
    element.style.height = `calc(${total} * var(--row))`
  }

  const load = async (page: number) => {
    if (!pages.get(page)) pages.set(page, null)
    const { signal } = abort
    try {
      const result = await fetch(page * PAGE, PAGE, signal)
      if (signal.aborted) return
      pages.set(page, result.rows)
      loaded(result.total)
      count(result.total)
      redraw()
    } catch (error) {
      if (signal.aborted) return
      pages.delete(page)
      failed(error as Error)
    }
  }

  /** The item of a row: the one there is while it says the same. */
  const itemOf = (index: number, value: T): Drawn<T> => {
    const known = drawn.get(index)
    if (known && (known.value === value || JSON.stringify(known.value) === JSON.stringify(value)))
      return known
    known?.item.remove()
    const item = row(value)
    item.style.top = `calc(${index} * var(--row))`
    item.setAttribute('aria-posinset', String(index + 1))
    item.setAttribute('aria-setsize', String(total))
    element.append(item)
    return { item, value }
  }

  const inSight = (): readonly [number, number] => {
    // Measured over all rows: a fraction of a pixel is many of them at the end of a long list.
    const height = Math.max(1, element.offsetHeight / Math.max(1, total))
    const { top } = element.getBoundingClientRect()
    return [Math.max(0, Math.floor(-top / height)), Math.min(total, Math.ceil((innerHeight - top) / height))]
  }

  const draw = () => {
    pending = 0
    const [first, last] = inSight()
    const next = new Map<number, Drawn<T>>()
    for (let index = Math.max(0, first - MARGIN); index < Math.min(total, last + MARGIN); index++) {
      const page = pages.get(Math.floor(index / PAGE))
      if (page === undefined) void load(Math.floor(index / PAGE))
      const value = page?.[index % PAGE]
      if (value !== undefined) next.set(index, itemOf(index, value))
    }
    for (const [index, { item }] of drawn) if (next.get(index)?.item !== item) item.remove()
    drawn = next
  }

  const redraw = () => {
    if (pending === 0) pending = requestAnimationFrame(draw)
  }

  addEventListener('scroll', redraw, { passive: true })
  addEventListener('resize', redraw)
  return {
    element,
    total: () => total,
    visible() {
      const [first, last] = inSight()
      return [...drawn].filter(([index]) => index >= first && index < last).map(([, { value }]) => value)
    },
    reload() {
      abort.abort()
      abort = new AbortController()
      pages = new Map()
      for (const { item } of drawn.values()) item.remove()
      drawn = new Map()
      void load(0)
    },
    refresh() {
      const [first, last] = inSight()
      const wanted = new Set([Math.floor(first / PAGE), Math.floor(Math.max(first, last - 1) / PAGE)])
      for (const page of pages.keys()) if (!wanted.has(page)) pages.delete(page)
      for (const page of wanted) void load(page)
    },
    expect(n) {
      count(n)
      redraw()
    },
    dispose() {
      abort.abort()
      cancelAnimationFrame(pending)
      removeEventListener('scroll', redraw)
      removeEventListener('resize', redraw)
    },
  }
}
