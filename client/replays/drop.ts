import { h } from '../ui/dom.ts'
import { openRecords } from './open.ts'

/** Lets record files be dropped anywhere on the page. */
export function acceptDrops(): void {
  const veil = h('div', { class: 'drop', 'aria-hidden': 'true' }, 'Drop a record to open it')
  document.body.append(veil)
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
  addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    veil.classList.add('over')
  })
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) veil.classList.remove('over')
  })
  addEventListener('drop', (event) => {
    veil.classList.remove('over')
    // Some pages have places that take files of their own.
    if (!carriesFiles(event) || event.defaultPrevented) return
    event.preventDefault()
    void openRecords(event.dataTransfer?.files ?? [])
  })
}
