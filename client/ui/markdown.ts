import { h } from './dom.ts'

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
      article.append(h(heading[1].length === 1 ? 'h1' : 'h3', null, inline(heading[2], base)))
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
    { class: 'table-scroll' },
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

const TOKEN = /!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*|`([^`]+)`/g

function inline(text: string, base: string): (HTMLElement | string)[] {
  const parts: (HTMLElement | string)[] = []
  let last = 0
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(last, match.index))
    last = match.index + match[0].length
    const [, alt, source, label, href, strong, code] = match
    if (source !== undefined) parts.push(h('img', { src: relative(source, base), alt, loading: 'lazy' }))
    else if (href !== undefined) parts.push(h('a', { href: relative(href, base), rel: 'noopener' }, label))
    else if (strong !== undefined) parts.push(h('strong', null, strong))
    else parts.push(h('code', null, code))
  }
  parts.push(text.slice(last))
  return parts
}

/** Only web addresses and files beside the report: no other scheme can be followed. */
function relative(target: string, base: string): string {
  return /^(https?:\/\/|#)/.test(target) ? target : `${base}${encodeURI(target.replace(/^(\.?\/)+|:/g, ''))}`
}
