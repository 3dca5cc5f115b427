import { h } from './dom.ts'

/** Hands a file to the person's downloads. */
export function save(name: string, content: Blob | string, type = 'text/plain'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content)
  h('a', { href: url, download: name.replace(/[^\w.-]+/g, '-') }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
