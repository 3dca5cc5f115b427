import { ask, type Checked } from '../net/tab.ts'
import { fill, h } from '../ui/dom.ts'
import { allowed, keysOf, pathAt, type Schema, schemaAt } from './schema.ts'

/** How long (ms) nothing is typed before it is looked at. */
const REST = 250

/** Text of a recipe with its mistakes by line, and what the key under the cursor means. */
export interface Editor {
  readonly element: HTMLElement
  text(): string
  set(text: string): void
  /** The keys there are, once they are known. */
  know(schema: Schema): void
}

/** @param checked is told whenever the text was looked at. */
export function createEditor(checked: (found: Checked) => void): Editor {
  let schema: Schema | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let looked = 0
  const numbers = h('div', { class: 'lab-lines', 'aria-hidden': 'true' })
  const area = h('textarea', {
    class: 'lab-text',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    'aria-label': 'Recipe, as YAML',
    'aria-describedby': 'lab-problems',
    oninput: () => later(),
    onkeyup: () => explain(),
    onclick: () => explain(),
    onscroll: () => {
      numbers.scrollTop = area.scrollTop
    },
  })
  const problems = h('div', { class: 'lab-problems', id: 'lab-problems', role: 'status' })
  const help = h('p', { class: 'lab-help muted small' })
  let bad: ReadonlySet<number> = new Set()

  const count = () => {
    const lines = area.value.split('\n').length
    fill(
      numbers,
      Array.from({ length: lines }, (_, i) => h('span', { class: bad.has(i + 1) ? 'bad' : null }, i + 1)),
    )
  }
  const goTo = (line: number) => {
    const lines = area.value.split('\n')
    const at = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0)
    area.focus()
    area.setSelectionRange(at, at + lines[line - 1].length)
    area.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(area).lineHeight)
    explain()
  }
  const look = async () => {
    const number = ++looked
    const found = await ask('check', area.value)
    if (number !== looked) return
    bad = new Set(found.problems.flatMap(({ line }) => line ?? []))
    count()
    fill(
      problems,
      found.problems.map(({ line, message }) =>
        h(
          'button',
          { class: 'lab-problem', onclick: () => line !== null && goTo(line) },
          line === null ? null : h('strong', null, `Line ${line} `),
          message,
        ),
      ),
    )
    checked(found)
  }
  const later = () => {
    count()
    clearTimeout(timer)
    timer = setTimeout(() => void look(), REST)
    explain()
  }
  const explain = () => {
    if (!schema) return
    const before = area.value.slice(0, area.selectionStart).split('\n')
    const { path, kind } = pathAt(area.value.split('\n'), before.length - 1)
    const found = schemaAt(schema, path, kind)
    if (!found || path.length === 0) {
      fill(help, 'Keys: ', keysOf(schema).join(', '))
      return
    }
    const { default: given } = found
    const below = keysOf(found)
    fill(
      help,
      h('code', null, path.join('.')),
      found.description ? ` ${found.description}. ` : ' ',
      below.length > 0 ? `Keys: ${below.join(', ')}.` : allowed(found),
      given !== undefined && below.length === 0 && `, ${JSON.stringify(given)} unless given`,
    )
  }
  return {
    element: h(
      'div',
      { class: 'lab-editor' },
      h('div', { class: 'lab-sheet' }, numbers, area),
      help,
      problems,
    ),
    text: () => area.value,
    set: (text) => {
      area.value = text
      area.setSelectionRange(0, 0)
      area.scrollTop = 0
      count()
      void look()
      explain()
    },
    know: (given) => {
      schema = given
      explain()
    },
  }
}
