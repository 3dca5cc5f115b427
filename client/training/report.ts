import * as api from '../net/api.ts'
import { address, type Place } from '../net/router.ts'
import { rerunAddress } from '../net/tab.ts'
import { h } from '../ui/dom.ts'
import { markdown } from '../ui/markdown.ts'
import { loading, notice } from '../ui/notice.ts'

/** What came out of a run, as its trainer wrote it. */
export function reportPage(main: HTMLElement, { rest: run }: Place): () => void {
  let gone = false
  const back = h('a', { class: 'button', href: address('training', '', { run }) }, 'Its curves')
  const again = h('a', { class: 'button', href: rerunAddress(run) }, 'Rerun in this tab')
  main.replaceChildren(loading('Reading the report …'))
  api
    .report(run)
    .then((text) => {
      if (gone) return
      const article = markdown(text, `api/runs/${encodeURIComponent(run)}/report/`)
      for (const image of article.querySelectorAll('img')) {
        const path = image.getAttribute('src') ?? ''
        void api.picture(path).then((address) => image.setAttribute('src', address))
      }
      main.replaceChildren(
        h('div', { class: 'head' }, h('span', { class: 'muted' }, run), back, again),
        article,
      )
    })
    .catch((error: unknown) => {
      if (gone) return
      const none = error instanceof api.ApiError && error.status === 404
      const text = none ? 'A run writes its report at its end.' : (error as Error).message
      main.replaceChildren(notice('empty', 'training', 'No report yet', text, back))
    })
  return () => {
    gone = true
  }
}
