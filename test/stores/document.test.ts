import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText } from '#core/base/decode'
import { UserError } from '#core/base/errors'
import { readDocument } from '#stores/document'
import { parseXml } from '#stores/xml'

const folder = mkdtempSync(join(tmpdir(), 'documents-'))
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('text is read in the encoding it has', () => {
  const text = '#####\n#@$.#\n##### \u00e9\u03b1'
  const wide = (swap: boolean, mark: boolean) => {
    const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le')
    return swap ? bytes.swap16() : bytes
  }
  for (const swap of [false, true]) {
    for (const mark of [false, true]) expect(decodeText(wide(swap, mark))).toBe(text)
  }
  expect(decodeText(Buffer.from(`\ufeff${text}`))).toBe(text)
  expect(decodeText(Buffer.from('caf\u00e9', 'latin1'))).toBe('caf\u00e9')
  const declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00c3\u00a9</a>'
  expect(decodeText(Buffer.from(declared, 'latin1'))).toBe(declared)
})

test('any text survives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      // A text that begins as UTF-16 or with a byte order mark is read as such.
      if (/^.?[\0\ufeff]/s.test(text) || text[1] === '\0' || text[3] === '\0') return
      expect(decodeText(new TextEncoder().encode(text))).toBe(text)
    }),
  )
})

test('XML becomes its root element, with lines', async () => {
  const path = file(
    'two.slc',
    '<?xml version="1.0"?>\n<!-- c -->\n<A x="1 &lt; 2">\n<B>  #<![CDATA[<]]> &amp; &eacute;</B></A>',
  )
  const inner = { name: 'B', attributes: {}, children: ['  #', '<', ' & &eacute;'], line: 4 }
  expect(await readDocument(path)).toEqual({
    name: 'A',
    attributes: { x: '1 < 2' },
    children: ['\n', inner],
    line: 3,
  })
  expect(await readDocument(file('plain.txt', '; <a>\n###'))).toBe('; <a>\n###')
})

test('a page becomes the text that it shows, line by line', async () => {
  const page =
    '<!DOCTYPE html>\n<html><style>\n#x { }\n</style>\n<p class="a\n">1 &lt; 2 &#38; 3&nbsp;x<br>next<br>\nline</p>\n<pre>####\n#@ #</pre> &unknown; 2 < 3'
  const text = (await readDocument(file('page.html', page))) as string
  expect(text.split('\n')).toEqual([
    '',
    '',
    '',
    '',
    '',
    '1 < 2 & 3 x',
    'next',
    'line',
    '####',
    '#@ # &unknown; 2 < 3',
  ])
  expect(await readDocument(file('pre.html', '<pre>a<br />b</pre>'))).toBe('a\nb')
  expect(
    await readDocument(file('x.html', '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html>t</html>')),
  ).toBe('\n\nt')
})

test.each([
  ['<a><b></a>', 'line 1: not well-formed XML'],
  ['<a>\n<', 'line 2: not well-formed XML'],
  ['<a>'.repeat(200), 'elements nested too deep'],
  ['<?xml version="1.0"?>', 'not well-formed XML'],
])('%s is refused in one line', async (text, message) => {
  const path = file('bad.xml', text)
  await expect(readDocument(path)).rejects.toThrow(UserError)
  await expect(readDocument(path)).rejects.toThrow(message)
  await expect(readDocument(path)).rejects.not.toThrow('\n')
})

test('any XML is read or refused with an Error', () => {
  const noise = fc.string({ unit: fc.constantFrom(...'<>/ab="\'&;![]-? \n') })
  fc.assert(
    fc.property(noise, (text) => {
      try {
        expect(parseXml(`<a>${text}`).name).toBe('a')
      } catch (error) {
        expect((error as Error).message).not.toContain('\n')
      }
    }),
    { numRuns: 300 },
  )
})
