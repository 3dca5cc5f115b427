import { h } from './dom.ts'

const HEADINGS = ['h1', 'h2', 'h3', 'h4'] as const

/**
 * The Markdown of our own reports as elements: headings, paragraphs, lists, tables, code blocks and pictures,
 * with strong, code and links within a line. Nothing in it is ever read as HTML.
 * @param base what addresses of pictures are relative to.
 */
export function markdown(text: string, base: string): HTMLElement {
  const article = h('article', { class: 'markdown' })
  const lines = text.split('\n')
  let i = 0
  while (i < lines.length) {
    const line = lines[i]
    const heading = /^(#{1,4}) +(.*)/.exec(line)
    if (line.trim() === '') i++
    else if (line.startsWith('```')) {
      const end = lines.indexOf('```', i + 1)
      const stop = end < 0 ? lines.length : end
      article.append(h('pre', null, lines.slice(i + 1, stop).join('\n')))
      i = stop + 1
    } else if (heading) {
      article.append(h(HEADINGS[heading[1].length - 1], null, inline(heading[2], base)))
      i++
    } else {
      const kind = /^\|/.test(line) ? /^\|/ : /^[-*] /.test(line) ? /^([-*] | {2,})/ : /^(?![|#`]|[-*] )\S/
      const from = i
      while (i < lines.length && kind.test(lines[i])) i++
      if (i === from) i++
      article.append(block(lines.slice(from, i), base))
    }
  }
  return article
}

function block(lines: readonly string[], base: string): HTMLElement {
  if (lines[0].startsWith('|')) return table(lines, base)
  if (/^[-*] /.test(lines[0])) {
    const items: string[] = []
    for (const line of lines) {
      if (/^[-*] /.test(line)) items.push(line.slice(2))
      else items[items.length - 1] += ` ${line.trim()}`
    }
    return h(
      'ul',
      null,
      items.map((item) => h('li', null, inline(item, base))),
    )
  }
  return h('p', null, inline(lines.join(' '), base))
}

function table(lines: readonly string[], base: string): HTMLElement {
  const cells = (line: string) =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split('|')
      .map((cell) => cell.trim())
  const [head, ...rest] = lines.map(cells)
  const body = rest.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)))
  return h(
    'div',
    { class: 'table-scroll', tabindex: 0, role: 'group', 'aria-label': 'Table' },
    h(
      'table',
      { class: 'pairs' },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          head.map((cell) => h('th', null, inline(cell, base))),
        ),
      ),
      h(
        'tbody',
        null,
        body.map((row) =>
          h(
            'tr',
            null,
            row.map((cell) => h('td', null, inline(cell, base))),
          ),
        ),
      ),
    ),
  )
}

/** Marks within a line, from ever later places: every letter is looked at once for each mark. */
class Marks {
  readonly #text: string
  readonly #next = new Map<string, number>()

  constructor(text: string) {
    this.#text = text
  }

  /** Where `mark` next stands at or after `from`; the end of the text where it does not. */
  next(mark: string, from: number): number {
    const known = this.#next.get(mark) ?? -1
    if (known >= from) return known
    const found = this.#text.indexOf(mark, from)
    const at = found < 0 ? this.#text.length : found
    this.#next.set(mark, at)
    return at
  }
}

interface Token {
  readonly end: number
  readonly made: HTMLElement
}

function inline(text: string, base: string): (HTMLElement | string)[] {
  const parts: (HTMLElement | string)[] = []
  const marks = new Marks(text)
  let last = 0
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, marks, base)
    if (token) {
      parts.push(text.slice(last, at), token.made)
      last = token.end
    }
    at = token?.end ?? at + 1
  }
  parts.push(text.slice(last))
  return parts
}

function tokenAt(text: string, at: number, marks: Marks, base: string): Token | undefined {
  const mark = text[at]
  if (mark === '`') {
    const end = marks.next('`', at + 1)
    if (end === at + 1 || end === text.length) return undefined
    return { end: end + 1, made: h('code', null, text.slice(at + 1, end)) }
  }
  if (mark === '*' && text[at + 1] === '*') {
    const end = marks.next('*', at + 2)
    if (end === at + 2 || text[end + 1] !== '*') return undefined
    return { end: end + 2, made: h('strong', null, text.slice(at + 2, end)) }
  }
  const image = mark === '!' && text[at + 1] === '['
  return image || mark === '[' ? linkAt(text, at, image, marks, base) : undefined
}

/** `[label](address)`, or `![label](address)` for a picture. */
function linkAt(text: string, at: number, image: boolean, marks: Marks, base: string): Token | undefined {
  const begin = at + (image ? 2 : 1)
  const middle = marks.next(']', begin)
  if (text[middle + 1] !== '(' || (!image && middle === begin)) return undefined
  const end = marks.next(')', middle + 2)
  const blank = Math.min(marks.next(' ', middle + 2), marks.next('\t', middle + 2))
  if (end === middle + 2 || end === text.length || blank < end) return undefined
  const label = text.slice(begin, middle)
  const target = relative(text.slice(middle + 2, end), base)
  const made = image
    ? h('img', { src: target, alt: label, loading: 'lazy' })
    : h('a', { href: target, rel: 'noopener' }, label)
  return { end: end + 1, made }
}

/** Only web addresses and files beside the report: no other scheme can be followed. */
function relative(target: string, base: string): string {
  return /^(https?:\/\/|#)/.test(target) ? target : `${base}${encodeURI(target.replace(/^(\.?\/)+|:/g, ''))}`
}
