import type { Note } from '#core/record/page'
import { fill, h } from '../ui/dom.ts'
import { icon } from '../ui/icon.ts'
import { Signal } from '../ui/signal.ts'
import { BAD_FORMAT, type Mark } from './film.ts'

/** The name of a note among the moments of a timeline. */
export const NOTE = 'note'

const KEY = 'kickpush.notes'
/** Episodes whose notes this browser keeps; characters of a note. */
const MOST = 200
const LONGEST = 280

/** What was noted on the steps of an episode. */
export interface Notes {
  readonly element: HTMLElement
  readonly list: Signal<readonly Note[]>
  readonly marks: readonly Mark[]
  /** Begins to write one on the step that is shown. */
  write(): void
  show(t: number): void
}

/** Notes that came with a link, and take the place of what was kept. */
const brought = new Map<string, readonly Note[]>()

/** Notes of an episode that came with it. */
export function bringNotes(id: string, notes: readonly Note[]): void {
  brought.set(id, notes)
}

/** Notes of an address's `notes`, which is JSON of pairs of step and text; none where it is not that. */
export function notesOf(text: string | null): Note[] {
  try {
    const pairs = JSON.parse(text ?? '[]') as unknown
    if (!Array.isArray(pairs)) return []
    return pairs.flatMap((pair) =>
      Array.isArray(pair) && Number.isInteger(pair[0]) && typeof pair[1] === 'string'
        ? [{ t: pair[0] as number, text: pair[1].slice(0, LONGEST) }]
        : [],
    )
  } catch {
    return []
  }
}

/** As `notesOf` reads them; undefined for none, which an address leaves out. */
export function writeNotes(notes: readonly Note[]): string | undefined {
  return notes.length > 0 ? JSON.stringify(notes.map(({ t, text }) => [t, text])) : undefined
}

/** The notes of an episode, as a panel: written on the step that is shown, kept in this browser, travelling in links. */
export function notesPanel(id: string, given: readonly Note[], goTo: (t: number) => void): Notes {
  const list = new Signal<readonly Note[]>(given.length > 0 ? given : (brought.get(id) ?? kept()[id] ?? []))
  const rows = h('ul', { class: 'notes' })
  const field = h('input', {
    class: 'field search',
    'aria-label': 'A note on this step',
    placeholder: 'A note on this step (N)',
    maxlength: LONGEST,
  })
  let now = 0
  const change = (next: readonly Note[]) => {
    list.value = next.toSorted((a, b) => a.t - b.t)
    keep(id, list.value)
  }
  const form = h(
    'form',
    {
      class: 'row',
      onsubmit: (event) => {
        event.preventDefault()
        const text = field.value.trim()
        // Without words it is a bookmark.
        change([...list.value.filter((note) => note.t !== now || note.text !== text), { t: now, text }])
        field.value = ''
        field.blur()
      },
    },
    field,
    h('button', { class: 'button' }, icon('pin'), 'Note'),
  )
  list.watch((notes) => {
    fill(
      rows,
      notes.map((note) =>
        h(
          'li',
          { class: 'row' },
          h(
            'button',
            { class: 'mark', onclick: () => goTo(note.t) },
            h('span', null, `${note.t} · ${note.text || 'bookmark'}`),
          ),
          h(
            'button',
            {
              class: 'button quiet square',
              'aria-label': `Delete the note on step ${note.t}`,
              onclick: () => change(list.value.filter((one) => one !== note)),
            },
            icon('cross'),
          ),
        ),
      ),
    )
  })
  const element = h(
    'section',
    { class: 'panel side', 'aria-label': 'Notes' },
    h('h2', null, 'Notes'),
    rows,
    form,
  )
  return {
    element,
    list,
    get marks() {
      return list.value.map(({ t }) => ({ t, name: NOTE }))
    },
    write: () => field.focus(),
    show(t) {
      now = t
    },
  }
}

/** Names of moments that are nobody's to be told over a board. */
export const UNTOLD: readonly string[] = [BAD_FORMAT, NOTE]

function kept(): Record<string, readonly Note[]> {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {}) as Record<string, readonly Note[]>
  } catch {
    return {}
  }
}

function keep(id: string, notes: readonly Note[]): void {
  const { [id]: _, ...others } = kept()
  const all = Object.entries(notes.length > 0 ? { ...others, [id]: notes } : others).slice(-MOST)
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(all)))
  } catch {
    // Without room they last as long as the page.
  }
}
