import '../style/commentary.css'
import { io } from 'socket.io-client'
import { COMMENTARY, type Remark } from '#core/record/commentary'
import { WIRE } from '../net/connection.ts'
import { fill, h } from '../ui/dom.ts'

/** Remarks that stay on the page, the newest first. */
const MOST = 5

/**
 * Shows below `board` what a chat model says about an episode while it is played, where the server has one that does;
 * nothing until it says something. The result stops it.
 */
export function followCommentary(id: string, board: Element, goTo: (t: number) => void): () => void {
  const remarks: Remark[] = []
  const list = h('ol', { 'aria-live': 'polite' })
  const by = h('h2')
  const panel = h('section', { class: 'panel commentary' }, by, list)
  // A server without commentary refuses, and that is all.
  const socket = io(COMMENTARY, WIRE)
  socket.on('connect', () => void socket.emitWithAck('listen', { episode: id }).catch(() => {}))
  socket.on('remark', (remark: Remark) => {
    if (remark.episode !== id) return
    // Played anew: what was said of it before is void.
    if (remarks[0]?.take !== remark.take) remarks.length = 0
    remarks.unshift(remark)
    remarks.length = Math.min(remarks.length, MOST)
    fill(by, `Commentary by ${remark.by}; not part of the record`)
    fill(
      list,
      remarks.map(({ t, text }) =>
        h(
          'li',
          null,
          h('button', { class: 'chip', onclick: () => goTo(t), 'aria-label': `To step ${t}` }, `step ${t}`),
          h('span', null, text),
        ),
      ),
    )
    if (!panel.isConnected) board.after(panel)
  })
  return () => {
    socket.disconnect()
    panel.remove()
  }
}
