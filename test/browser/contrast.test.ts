import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('../../client/style/tokens.css', import.meta.url), 'utf8')

/** The custom properties of a block that are colours. */
function colours(selector: string): Map<string, string> {
  const begin = css.indexOf(`${selector} {`)
  const block = css.slice(begin, css.indexOf('}', begin))
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]))
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

describe.each([
  ['dark', ':root'],
  ['light', ":root[data-theme='light']"],
])('%s colours', (_, selector) => {
  const all = new Map([...colours(':root'), ...colours(selector)])
  const of = (name: string) => {
    const value = all.get(name)
    if (!value) throw new Error(`no colour --${name}`)
    return value
  }
  const texts = ['text', 'muted', 'faint', 'accent', 'good', 'bad', 'info']
  const grounds = ['ground', 'panel', 'raised']
  const pairs = [
    ...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)),
    ...['accent', 'good', 'bad', 'info'].map((name) => [name, `${name}-soft`] as const),
    ['on-accent', 'accent'] as const,
  ]
  test.each(pairs)('%s can be read on %s', (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5)
  })
  test.each(Array.from({ length: 8 }, (_, i) => `series-${i + 1}`))('%s can be seen on a panel', (name) => {
    expect(contrast(of(name), of('panel'))).toBeGreaterThanOrEqual(3)
  })
})
