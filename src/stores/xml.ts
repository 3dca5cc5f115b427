import { SaxesParser } from 'saxes'
import { BadFile } from '#core/base/errors'
import type { Document, XmlElement } from '#core/env/document'
import { isHtml, textOfHtml } from './html.ts'

/** Elements within elements beyond which a file is no collection of anything. */
const DEEPEST = 100

/**
 * The text of a file, that of a page without its tags, or its root element where it is XML.
 * @param path names it in errors.
 * @throws BadFile naming the file and why it makes no sense.
 */
export function parseDocument(text: string, path: string): Document {
  if (!/^\s*<[?!\w]/.test(text)) return text
  if (isHtml(text)) return textOfHtml(text)
  try {
    return parseXml(text)
  } catch (error) {
    throw new BadFile(`${path}: ${(error as Error).message}`)
  }
}

/** @throws Error naming the line of the first mistake. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser()
  const root: Element = { name: '', attributes: {}, children: [], line: 1 }
  const open = [root]
  parser.on('error', ({ message }) => {
    // Names of HTML characters in descriptions are left as they stand.
    if (message.includes('undefined entity')) return
    throw new Error(`line ${parser.line}: not well-formed XML (${message.replace(/^\d+:\d+: /, '')})`)
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes, children: [], line: parser.line }
    open[open.length - 1].children.push(element)
    open.push(element)
    if (open.length > DEEPEST) throw new Error(`line ${parser.line}: elements nested too deep`)
  })
  parser.on('closetag', () => open.pop())
  const add = (part: string) => open[open.length - 1].children.push(part)
  parser.on('text', add)
  parser.on('cdata', add)
  parser.write(text).close()
  const [top] = root.children.filter((child) => typeof child !== 'string')
  if (top === undefined) throw new Error('no element in the XML')
  return top
}

interface Element extends XmlElement {
  readonly children: (XmlElement | string)[]
}
