import { h } from './dom.ts'

const element = h('div', { class: 'toast', role: 'status' })
let timer: ReturnType<typeof setTimeout> | undefined

/** Says something for a moment. */
export function toast(text: string): void {
  if (!element.isConnected) document.body.append(element)
  element.textContent = text
  clearTimeout(timer)
  timer = setTimeout(() => {
    element.textContent = ''
  }, 2600)
}

/** Copies `text` and says so. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(`${what} copied`)
  } catch {
    toast(`${what}: ${text}`)
  }
}
