import { link } from '../net/connection.ts'
import { address, type Place, rewrite } from '../net/router.ts'
import { inTab } from '../net/tab.ts'
import { biggerOf } from '../ui/big.ts'
import { fill, h, say } from '../ui/dom.ts'
import { words } from '../ui/format.ts'
import { bindKeys } from '../ui/keys.ts'
import { loading, notice } from '../ui/notice.ts'
import { agentsLine, outcomeChip } from '../ui/summary.ts'
import { actions } from './actions.ts'
import { badge } from './badge.ts'
import { createCurves } from './curves.ts'
import type { Film, Tape } from './film.ts'
import { acquireFilm } from './films.ts'
import { judgeFilm } from './judging.ts'
import { playerKeys } from './keys.ts'
import type { Judgement } from './mistakes.ts'
import { notesOf, notesPanel, UNTOLD, writeNotes } from './notes.ts'
import { Player } from './player.ts'
import { sidePanels } from './side.ts'
import { createStage } from './stage.ts'
import { createTimeline } from './timeline.ts'
import { transport } from './transport.ts'

const FETCHING = 'Fetching the episode …'

/** Seconds for which a moment of a match stays marked. */
const MOMENT = 1.5

/** The address of this episode at a step and seat. */
export type At = (where: Readonly<Record<string, string | number | undefined>>) => string

/** One episode, large: its board, what was seen, thought and answered, and a timeline of it all. */
export function episodePage(
  main: HTMLElement,
  { rest: id, query }: Place,
  at: At = (where) => address('episode', id, where),
): () => void {
  const { film, release } = acquireFilm(id)
  const player = new Player(film)
  let seat = Math.max(0, Number(query.get('seat') ?? 0) || 0)
  let wanted = query.has('step') ? Math.max(0, Number(query.get('step')) || 0) : null
  let begun = false

  const title = h('h1')
  const chips = h('span', { class: 'row' })
  const seats = h('div', { class: 'row seats', role: 'group', 'aria-label': 'Seat' })
  const goTo = (t: number) => player.step(t - player.at.value)
  const side = sidePanels(film, goTo, () => changed())
  const notes = notesPanel(id, notesOf(query.get('notes')), goTo)
  let judgement: Judgement = { marks: [], regret: [] }
  const tape: Tape = {
    get length() {
      return film.length
    },
    get marks() {
      return [...film.marks, ...judgement.marks, ...notes.marks]
    },
    get turns() {
      return film.turns
    },
    get replay() {
      return film.replay
    },
    get pace() {
      return film.pace
    },
    get hurried() {
      return film.hurried
    },
    stage: (t) => film.stage(t, seat),
  }
  const timeline = createTimeline(tape, player)
  const curves = createCurves(film, player, timeline.scale)
  curves.credit(side.credit.turns)
  timeline.tracks.append(...curves.elements)
  const stage = createStage(film, player, () => begun && show())
  const middle = h(
    'div',
    { class: 'episode-main' },
    stage.element,
    h(
      'div',
      { class: 'panel controls' },
      h(
        'div',
        { class: 'row' },
        transport(player, () => film.length),
        h('span', { class: 'spread' }),
        timeline.tools,
      ),
      timeline.element,
    ),
    timeline.tracks,
  )
  const page = h(
    'div',
    { class: 'episode' },
    h(
      'header',
      { class: 'head' },
      title,
      chips,
      badge(film, goTo),
      h('span', { class: 'spread' }),
      actions(film, player, stage.board, () => notes.list.value),
    ),
    middle,
    h('div', { class: 'episode-side' }, seats, side.elements, notes.element),
  )
  const big = biggerOf(page, middle)
  stage.tools.append(...big.buttons)
  main.replaceChildren(film.start ? page : loading(FETCHING))

  const show = () => {
    const t = player.at.value
    stage.show(t, seat, momentsAt(t))
    side.show(t, seat, tape.marks)
    notes.show(t)
    page.dataset.step = String(t)
  }

  /** What happens now: just at this step, and for a while after it where a game goes on by itself. */
  const momentsAt = (t: number): string[] => {
    const since = film.hurried ? film.pace * MOMENT : 0
    const now = tape.marks.filter((mark) => mark.t > 0 && mark.t <= t && mark.t >= t - since)
    const names = [...new Set(now.map(({ name }) => name))]
    return names.filter((name) => !UNTOLD.includes(name) && timeline.shows(name)).slice(-2)
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  const remember = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const step = player.follow.value ? undefined : player.at.value
      rewrite(
        at({
          step,
          seat: seat || undefined,
          notes: query.has('notes') ? writeNotes(notes.list.value) : undefined,
        }),
      )
    }, 250)
  }

  const choose = (next: number) => {
    seat = next
    listSeats()
    describe()
    curves.refresh(seat)
    show()
    remember()
  }
  const listSeats = () => {
    fill(
      seats,
      film.seats > 1 &&
        film.start?.agents.map((agent, index) =>
          h(
            'button',
            { class: 'button', 'aria-pressed': String(index === seat), onclick: () => choose(index) },
            `${index + 1}. ${agent}`,
          ),
        ),
    )
  }

  const describe = () => {
    const { start } = film
    if (!start) return
    const preset = start.config.preset
    say(title, typeof preset === 'string' ? words(preset) : start.env)
    document.title = `${title.textContent} · Kickpush`
    const where = [start.run, start.stage, start.update === undefined ? null : `update ${start.update}`]
    fill(
      chips,
      stands(film, seat),
      h('span', { class: 'chip' }, agentsLine(start.agents)),
      where.some(Boolean) && h('span', { class: 'chip' }, where.filter(Boolean).join(' · ')),
    )
    page.toggleAttribute('data-live', film.live)
    fill(stage.veil, film.problem && notice('empty', 'help', 'Not drawn', film.problem))
  }

  const begin = () => {
    begun = true
    seat = Math.min(seat, film.seats - 1)
    listSeats()
    stops.push(bindKeys(stage.keys()))
    main.replaceChildren(page)
    if (wanted === null && film.live) {
      player.seek(film.length)
      player.toggleFollow()
    }
  }

  /** Who speaks of it while it is played speaks of nothing that is in its record. */
  let spoken: Promise<() => void> | undefined
  const listen = () => {
    if (!film.live || inTab) return
    spoken ??= import('./commentary.ts').then((it) => it.followCommentary(id, stage.element, goTo))
  }

  let drawing = 0
  const changed = () => {
    if (!film.start) {
      if (film.problem) main.replaceChildren(missing(film.problem))
      return
    }
    if (!begun) begin()
    listen()
    if (wanted !== null && (film.length >= wanted || film.caughtUp)) {
      player.seek(wanted)
      wanted = null
    }
    player.wake()
    if (drawing !== 0) return
    drawing = requestAnimationFrame(() => {
      drawing = 0
      describe()
      timeline.refresh()
      curves.refresh(seat)
      show()
    })
  }
  const stops: (() => void)[] = []
  stops.push(
    link.status.watch((status) => {
      if (begun || film.start || film.problem) return
      const gone = status === 'disconnected'
      main.replaceChildren(
        loading(gone ? 'No connection. It opens as soon as the server is back …' : FETCHING),
      )
    }),
    film.changes.watch(changed),
    player.at.watch(() => {
      if (!begun) return
      show()
      remember()
    }),
    player.follow.watch(() => begun && remember()),
    judgeFilm(film, (found) => {
      judgement = found
      curves.judge(found.regret)
      changed()
    }),
    notes.list.watch(() => begun && changed()),
    bindKeys([{ keys: ['n', 'N'], label: 'Write a note on this step', run: () => notes.write() }]),
    bindKeys([...playerKeys(player, () => film.length), ...timeline.keys, ...big.keys]),
  )
  return () => {
    clearTimeout(timer)
    cancelAnimationFrame(drawing)
    for (const stop of stops) stop()
    void spoken?.then((stop) => stop())
    player.dispose()
    timeline.dispose()
    curves.dispose()
    side.dispose()
    stage.dispose()
    big.dispose()
    release()
  }
}

/** How the episode stands; nothing while its record is still being played again. */
function stands({ end, live, caughtUp }: Film, seat: number): HTMLElement | null {
  if (end || live) return outcomeChip(end ?? undefined, seat)
  return caughtUp ? h('span', { class: 'chip', title: 'Its record stops before its end' }, 'no end') : null
}

function missing(problem: string): HTMLElement {
  return notice(
    'error',
    'cross',
    'No such episode here',
    problem,
    h('a', { class: 'button', href: address('replays') }, 'All replays'),
  )
}
