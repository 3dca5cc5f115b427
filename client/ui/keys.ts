/** What a key does. `key` is KeyboardEvent.key, with 'Shift+' before it where that matters. */
export interface Binding {
  readonly keys: readonly string[]
  readonly label: string
  run(): void
}

/** The control that got the focus by a pointer. */
let pointed: EventTarget | null = null

document.addEventListener('pointerdown', ({ target }) => {
  pointed = target instanceof Element ? target.closest('button, a, summary') : null
})
document.addEventListener('focusin', ({ target }) => {
  if (target !== pointed) pointed = null
})

const layers: (readonly Binding[])[] = []

/** Binds keys until the result is called; later layers win. Typing in a field is never taken. */
export function bindKeys(bindings: readonly Binding[]): () => void {
  layers.push(bindings)
  return () => {
    const index = layers.indexOf(bindings)
    if (index >= 0) layers.splice(index, 1)
  }
}

/** Every binding in force, for the overlay that explains them. */
export function boundKeys(): readonly Binding[] {
  return layers.flat()
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (isTyping(event.target) || document.querySelector('dialog[open]')) return
  // Space and Enter press the control that has the focus; Space not the one that a pointer left it on.
  if (event.key === 'Enter' && isControl(event.target)) return
  if (event.key === ' ' && isControl(event.target) && event.target !== pointed) return
  const plain = event.key
  const shifted = `Shift+${plain}`
  for (const layer of layers.toReversed()) {
    const binding =
      (event.shiftKey && layer.find(({ keys }) => keys.includes(shifted))) ||
      layer.find(({ keys }) => keys.includes(plain))
    if (!binding) continue
    event.preventDefault()
    binding.run()
    return
  }
})

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'range' && target.type !== 'checkbox'
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary, [role=option]') !== null
}
