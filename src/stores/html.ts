/** Whether a text is a page rather than the XML of a collection, or the part of a page that shows text as it stands. */
export function isHtml(text: string): boolean {
  return /^\s*(<\?xml[^>]*>\s*)?(<!doctype\s+html\b|<(html|head|body|pre)[\s>])/i.test(text)
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** What a page says, without tags, scripts and styles, its lines where they are; a `<br>` within a line ends it. */
export function textOfHtml(html: string): string {
  const [first, ...parts] = html.split('<')
  let text = first
  let hidden: string | undefined
  for (const part of parts) {
    const end = part.indexOf('>')
    const tag = /^\/?\w+/.exec(part)?.[0].toLowerCase() ?? ''
    if (end < 0) {
      text += `<${part}`
      continue
    }
    const said = part.slice(end + 1)
    text += lineEnds(part.slice(0, end))
    if (tag === 'br' && !/^\s*[\r\n]/.test(said)) text += '\n'
    if (hidden === undefined && (tag === 'script' || tag === 'style')) hidden = `/${tag}`
    else if (tag === hidden) hidden = undefined
    text += hidden === undefined ? said : lineEnds(said)
  }
  return text.replace(/&(#x?[\da-f]{1,6}|\w{2,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole
    const code = Number(name.replace(/^#x/i, '0x').replace('#', ''))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

const lineEnds = (text: string): string => text.replace(/[^\r\n]+/g, '')
