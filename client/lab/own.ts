import { dropGame, games, loadGames } from '../games.ts'
import { address } from '../net/router.ts'
import { ask } from '../net/tab.ts'
import { fill, h, say } from '../ui/dom.ts'
import { icon } from '../ui/icon.ts'
import { toast } from '../ui/toast.ts'
import type { Found } from './checker.ts'

/** Seconds that a check may take: rules without an end are ended. */
const LIMIT = 120

/** A place for a game's module: pasted or dropped, checked in a worker, then kept. @param write is given a recipe for it. */
export function createOwn(write: (recipe: string) => void): { readonly element: HTMLElement; leave(): void } {
  let worker: Worker | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  const result = h('p', { class: 'lab-own-result small', role: 'status' })
  const list = h('div', { class: 'row small' })
  const area = h('textarea', {
    class: 'field lab-own-text',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    'aria-label': 'A game, as an ES module',
    placeholder: 'Paste a module that exports a game, or drop its file here',
  })
  const stop = h('button', { class: 'button', hidden: true, onclick: () => end('Stopped') }, 'Stop')
  const check = h(
    'button',
    { class: 'button', onclick: () => begin(area.value) },
    icon('check'),
    'Check and add',
  )

  const tell = (text: string, bad = false) => {
    say(result, text)
    result.classList.toggle('bad', bad)
  }
  const end = (text: string, bad = false) => {
    worker?.terminate()
    worker = null
    clearInterval(timer)
    stop.hidden = true
    check.disabled = false
    tell(text, bad)
  }
  const begin = (text: string) => {
    end('')
    if (text.trim() === '') return tell('Nothing to check: paste a module first', true)
    const began = performance.now()
    let doing = 'Loading it'
    let ids: readonly string[] = []
    worker = new Worker(new URL('./checker.ts', import.meta.url), { type: 'module' })
    stop.hidden = false
    check.disabled = true
    const tick = () => {
      const seconds = Math.round((performance.now() - began) / 1000)
      if (seconds < LIMIT) return tell(`${doing} … ${seconds} s`)
      end(`${doing} did not end within ${LIMIT} s: is there a loop without an end?`, true)
    }
    timer = setInterval(tick, 500)
    tick()
    worker.onerror = (event) => {
      event.preventDefault()
      end(`The checker has failed: ${event.message || 'it could not be loaded'}`, true)
    }
    worker.onmessage = ({ data }: MessageEvent<Found>) => {
      if ('error' in data) return end(`It cannot be taken: ${data.error}`, true)
      if ('ids' in data) {
        ids = data.ids
        doing = `Playing ${ids.join(', ')} against the contract`
        return
      }
      const [first] = data.broken
      const more = data.broken.length > 1 ? `; ${data.broken.length - 1} more promises are broken` : ''
      if (first !== undefined) return end(`It breaks a promise: ${first}${more}`, true)
      end(`${ids.join(', ')}: all checks hold`)
      void add(text, ids, data.recipe)
    }
    worker.postMessage({ text })
  }
  const add = async (text: string, ids: readonly string[], recipe: string) => {
    try {
      await loadGames([await ask('addGame', text, ids)], document.baseURI)
      write(recipe)
      area.value = ''
      toast(`${ids.join(', ')} can be played and trained`)
    } catch (error) {
      tell((error as Error).message, true)
    }
    show()
  }
  const remove = async (id: string) => {
    await ask('removeGame', id)
    dropGame(id)
    show()
  }
  const show = () => {
    const own = games.files.flatMap(({ ids }) => ids)
    fill(
      list,
      own.map((id) =>
        h(
          'span',
          { class: 'chip', 'data-game': id },
          h('a', { href: address('play', '', { env: id }) }, id),
          h(
            'button',
            {
              class: 'button quiet square',
              title: 'Remove',
              'aria-label': `Remove: ${id}`,
              onclick: () => void remove(id),
            },
            icon('cross'),
          ),
        ),
      ),
    )
  }
  const take = (files: FileList | null | undefined) => {
    void files?.[0]?.text().then((text) => {
      area.value = text
      begin(text)
    })
  }
  const input = h('input', {
    type: 'file',
    accept: '.js,.mjs',
    hidden: true,
    onchange: () => {
      take(input.files)
      input.value = ''
    },
  })
  show()
  return {
    element: h(
      'details',
      {
        class: 'panel lab-own',
        ondrop: (event: DragEvent) => {
          event.preventDefault()
          take(event.dataTransfer?.files)
        },
      },
      h('summary', null, 'A game of your own'),
      h(
        'p',
        { class: 'muted small' },
        'An ES module that exports a game: plain JavaScript that imports from kickpush/env, or dist/browser.js of a package ' +
          'that kickpush new-env wrote. It runs in this page with all that a page may do: bring only what you trust.',
      ),
      area,
      h(
        'div',
        { class: 'row' },
        check,
        stop,
        h('button', { class: 'button', onclick: () => input.click() }, icon('up'), 'Choose a file'),
        input,
      ),
      result,
      list,
    ),
    leave: () => end(''),
  }
}
