import { most } from '#core/base/lists'
import type { Mark, Tape } from '../episode/film.ts'
import { acquireFilm } from '../episode/films.ts'
import { playerKeys } from '../episode/keys.ts'
import { Player, type Reel } from '../episode/player.ts'
import { createTimeline } from '../episode/timeline.ts'
import { transport } from '../episode/transport.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { fill, h } from '../ui/dom.ts'
import { bindKeys } from '../ui/keys.ts'
import { notice } from '../ui/notice.ts'
import { parting } from './difference.ts'
import { opponents } from './opponents.ts'
import { createSide, type Side } from './side.ts'

/** Two episodes step by step together; without a second one it offers those of the same seed. */
export function duelPage(main: HTMLElement, { query }: Place): () => void {
  const a = query.get('a') ?? ''
  const b = query.get('b')
  const held = [acquireFilm(a), ...(b === null ? [] : [acquireFilm(b)])]
  const films = held.map(({ film }) => film)
  const marks: Mark[] = []
  const tape: Tape & Reel = {
    get length() {
      return most(films.map((film) => film.length))
    },
    get pace() {
      return films[0].pace
    },
    hurried: false,
    marks,
    turns: [],
    replay: { status: 'agrees', difference: undefined },
  }
  const player = new Player(tape)
  const goTo = (t: number) => player.step(t - player.at.value)
  const sides: Side[] = films.map((film, index) => createSide(film, index === 0 ? 'A' : 'B', goTo))
  const timeline = createTimeline(tape, player)
  const verdict = h('div', { class: 'row', role: 'status' })
  let wanted = query.has('step') ? Number(query.get('step')) || 0 : null

  const other = b === null ? opponents(films[0]) : null
  const page = [
    h('div', { class: 'head' }, h('h1', null, 'Compare'), verdict),
    h(
      'div',
      { class: 'duel' },
      sides.map((side) => side.element),
      other?.element,
    ),
    h(
      'div',
      { class: 'panel controls' },
      h(
        'div',
        { class: 'row' },
        transport(player, () => tape.length),
        h('span', { class: 'spread' }),
        timeline.tools,
      ),
      timeline.element,
    ),
    timeline.tracks,
  ]
  main.replaceChildren(...page)

  const describe = () => {
    marks.length = 0
    if (films.length < 2) return
    const [first, second] = films
    const broken = films.find((film) => film.problem && !film.start)
    if (broken) {
      fill(verdict, h('span', { class: 'chip bad' }, broken.problem ?? ''))
      return
    }
    if (!first.start || !second.start) return
    const { sameStart, step } = parting(first, second)
    if (step !== null && sameStart) marks.push({ t: step - 1, name: 'first different action' })
    const text =
      step === null ? 'Same actions so far' : step > 0 ? `First different action at step ${step}` : ''
    fill(
      verdict,
      sameStart
        ? h(
            'button',
            { class: 'button', disabled: step === null, onclick: () => step !== null && goTo(step - 1) },
            text,
          )
        : h('span', { class: 'chip accent' }, 'They start from different states'),
    )
  }
  const show = () => {
    for (const side of sides) side.show(player.at.value, Math.min(260, player.stepTime))
    main.dataset.step = String(player.at.value)
  }
  let drawing = 0
  const changed = () => {
    if (wanted !== null && tape.length >= wanted) {
      player.seek(wanted)
      wanted = null
    }
    if (drawing !== 0) return
    drawing = requestAnimationFrame(() => {
      drawing = 0
      const lost = films.find((film) => film.problem && !film.start)
      if (lost && films.length === 1) {
        main.replaceChildren(notice('error', 'cross', 'No such episode here', lost.problem ?? ''))
        return
      }
      // It could not be had for a while, and now it can.
      if (!page[0].isConnected) main.replaceChildren(...page)
      describe()
      timeline.refresh()
      show()
    })
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const stops = [
    ...films.map((film) => film.changes.watch(changed)),
    player.at.watch(() => {
      show()
      clearTimeout(timer)
      timer = setTimeout(
        () => rewrite(address('compare', '', { a, b: b ?? undefined, step: player.at.value || undefined })),
        250,
      )
    }),
    bindKeys([...playerKeys(player, () => tape.length), ...timeline.keys]),
  ]
  return () => {
    cancelAnimationFrame(drawing)
    clearTimeout(timer)
    for (const stop of stops) stop()
    player.dispose()
    timeline.dispose()
    other?.dispose()
    for (const side of sides) side.dispose()
    for (const { release } of held) release()
    delete main.dataset.step
  }
}
