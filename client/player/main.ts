// The player of pages that stand alone: an episode in one file, and galleries of many.

import { z } from 'zod'
import { SHOWN, type Shown } from '#core/record/page'
import css from '../style/player-page.css?inline'
import { h } from '../ui/dom.ts'
import { showEpisode } from './episode.ts'
import { showGallery } from './gallery.ts'

z.config({ jitless: true })
document.head.append(h('style', null, css))
document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: light)').matches
  ? 'light'
  : 'dark'
const shown = JSON.parse(document.getElementById(SHOWN)?.textContent ?? 'null') as Shown | null
const main = h('main', { class: 'alone' })
document.body.append(main)
if (shown?.kind === 'episode') void showEpisode(main, shown.episode)
else if (shown?.kind === 'gallery') void showGallery(main, shown.title, shown.cards)
