/** What somebody does with a pointer: it comes down on an element, and then goes and ends anywhere. */
export interface Strokes {
  down(event: PointerEvent): void
  move(event: PointerEvent): void
  /** It was lifted, or taken away. */
  up(event: PointerEvent): void
}

/** Listens to pointers that come down on `over`, and wherever they go from there, until the result is called. */
export function followPointers(over: HTMLElement, { down, move, up }: Strokes): () => void {
  const stop = new AbortController()
  const { signal } = stop
  over.addEventListener('pointerdown', down, { signal })
  addEventListener('pointermove', move, { signal })
  addEventListener('pointerup', up, { signal })
  addEventListener('pointercancel', up, { signal })
  return () => stop.abort()
}
