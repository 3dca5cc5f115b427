export function playPage(main: HTMLElement): () => void {
  main.replaceChildren()
  return () => {}
}
