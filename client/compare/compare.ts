export function comparePage(main: HTMLElement): () => void {
  main.replaceChildren()
  return () => {}
}
