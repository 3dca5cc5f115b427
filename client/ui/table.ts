import { h } from './dom.ts'

/** Rows fetched at once. */
const PAGE = 100
/** Rows drawn above and below what is visible. */
const MARGIN = 8

/** A long list of which only the visible rows exist; pages are fetched when they come into sight. */
export interface Table {
  readonly element: HTMLElement
  /** Forgets everything and begins with the first page. */
  reload(): void
  dispose(): void
}

interface Options<T> {
  /** Rows `offset` to `offset + limit - 1`, and how many there are in all. */
  fetch(offset: number, limit: number, signal: AbortSignal): Promise<{ total: number; rows: readonly T[] }>
  row(value: T): HTMLElement
  /** Told after the first page of every reload. */
  loaded(total: number): void
  failed(error: Error): void
}

/** A virtual table that scrolls with the page; rows are as high as the CSS length `--row`. */
export function createTable<T>({ fetch, row, loaded, failed }: Options<T>): Table {
  const element = h('div', { class: 'table', role: 'list' })
  let pages = new Map<number, readonly T[] | null>()
  let drawn = new Map<number, HTMLElement>()
  let total = 0
  let abort = new AbortController()
  let pending = 0

  const load = async (page: number) => {
    pages.set(page, null)
    const { signal } = abort
    try {
      const result = await fetch(page * PAGE, PAGE, signal)
      if (signal.aborted) return
      pages.set(page, result.rows)
      if (page === 0) loaded(result.total)
      total = result.total
      element.style.height = `calc(${total} * var(--row))`
      redraw()
    } catch (error) {
      if (signal.aborted) return
      pages.delete(page)
      failed(error as Error)
    }
  }

  const draw = () => {
    pending = 0
    // Measured over all rows: a fraction of a pixel is many of them at the end of a long list.
    const height = Math.max(1, element.offsetHeight / Math.max(1, total))
    const top = element.getBoundingClientRect().top
    const first = Math.max(0, Math.floor(-top / height) - MARGIN)
    const last = Math.min(total, Math.ceil((innerHeight - top) / height) + MARGIN)
    const next = new Map<number, HTMLElement>()
    for (let index = first; index < last; index++) {
      const page = pages.get(Math.floor(index / PAGE))
      if (page === undefined) void load(Math.floor(index / PAGE))
      const value = page?.[index % PAGE]
      if (value === undefined) continue
      const known = drawn.get(index)
      const item = known ?? row(value)
      if (!known) {
        item.style.top = `calc(${index} * var(--row))`
        item.setAttribute('aria-posinset', String(index + 1))
        item.setAttribute('aria-setsize', String(total))
        element.append(item)
      }
      next.set(index, item)
    }
    for (const [index, item] of drawn) if (!next.has(index)) item.remove()
    drawn = next
  }

  const redraw = () => {
    if (pending === 0) pending = requestAnimationFrame(draw)
  }

  addEventListener('scroll', redraw, { passive: true })
  addEventListener('resize', redraw)
  return {
    element,
    reload() {
      abort.abort()
      abort = new AbortController()
      pages = new Map()
      for (const item of drawn.values()) item.remove()
      drawn = new Map()
      void load(0)
    },
    dispose() {
      abort.abort()
      cancelAnimationFrame(pending)
      removeEventListener('scroll', redraw)
      removeEventListener('resize', redraw)
    },
  }
}
