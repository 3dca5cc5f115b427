import { address, type Place } from '../net/router.ts'
import { h } from '../ui/dom.ts'
import { loading, notice } from '../ui/notice.ts'
import { setupOf } from './setup.ts'
import { table } from './table.ts'

/** Any game by hand, from any seed or from any step of a replay; what was played is a record like any other. */
export function playPage(main: HTMLElement, { query }: Place): () => void {
  let gone = false
  let close = () => {}
  main.replaceChildren(loading('Preparing the game …'))
  setupOf(query)
    .then((setup) => {
      if (!gone) close = table(main, setup, query)
    })
    .catch((error: unknown) => {
      if (gone) return
      const again = h('a', { class: 'button', href: address('play') }, 'Another game')
      main.replaceChildren(notice('error', 'cross', 'This cannot be played', (error as Error).message, again))
    })
  return () => {
    gone = true
    close()
  }
}
