import { readRecord } from '#core/record/jsonl'
import type { Packed } from '#core/record/page'
import { badge } from '../episode/badge.ts'
import { Film } from '../episode/film.ts'
import { playerKeys } from '../episode/keys.ts'
import { Player } from '../episode/player.ts'
import { placeScrubber, scrubber } from '../episode/scrubber.ts'
import { createStage } from '../episode/stage.ts'
import { transport } from '../episode/transport.ts'
import { unpackText } from '../share/pack.ts'
import { fill, h, say } from '../ui/dom.ts'
import { bindKeys } from '../ui/keys.ts'
import { agentsLine, outcomeChip } from '../ui/summary.ts'

/** The film of a packed record. @throws Error when it is damaged. */
export async function filmOf({ title, record }: Packed): Promise<Film> {
  const { events } = readRecord(await unpackText(record))
  if (events.length === 0) throw new Error('This page holds no record.')
  const film = new Film(title)
  film.push(
    events.map(({ event }) => event),
    false,
  )
  return film
}

/** Shows one episode until the result is called. */
export async function showEpisode(main: HTMLElement, packed: Packed): Promise<() => void> {
  let film: Film
  try {
    film = await filmOf(packed)
  } catch (error) {
    fill(
      main,
      h('p', { class: 'badge', 'data-verdict': 'differs' }, 'This record was altered and cannot be read'),
      h('p', { class: 'small muted' }, (error as Error).message),
    )
    return () => {}
  }
  const player = new Player(film)
  const seat = packed.seat ?? 0
  let began = false
  const stage = createStage(film, player, () => began && show())
  const range = scrubber(player, 'alone-scrub')
  const place = h('output', { class: 'mono muted' })
  const thought = h('p', { class: 'thought', hidden: true })
  const note = h('p', { class: 'alone-note', hidden: true })
  const chips = h('span', { class: 'row' })
  const show = () => {
    const t = player.at.value
    const now = film.marks.filter((mark) => mark.t === t && t > 0).map(({ name }) => name)
    stage.show(t, seat, now)
    range.max = String(film.length)
    placeScrubber(range, t, film.length)
    say(place, `${t} / ${film.length}`)
    const said = film.turnAt(t, seat)?.thought ?? ''
    thought.hidden = said === ''
    say(thought, said)
    const noted = packed.notes?.findLast((one) => one.t <= t && t - one.t <= Math.max(4, film.pace))
    note.hidden = !noted
    say(note, noted ? `${noted.t}: ${noted.text || 'bookmark'}` : '')
    main.dataset.step = String(t)
  }
  fill(
    main,
    h(
      'header',
      { class: 'row' },
      h('h1', null, packed.title),
      chips,
      badge(film, (t) => player.seek(t)),
    ),
    stage.element,
    note,
    thought,
    h(
      'div',
      { class: 'row alone-controls' },
      transport(player, () => film.length),
      range,
      place,
    ),
    packed.notes?.length
      ? h(
          'ul',
          { class: 'notes', 'aria-label': 'Notes' },
          packed.notes.map(({ t, text }) =>
            h(
              'li',
              null,
              h(
                'button',
                { class: 'mark', onclick: () => player.seek(t) },
                h('span', null, `${t} · ${text || 'bookmark'}`),
              ),
            ),
          ),
        )
      : null,
  )
  const stops: (() => void)[] = []
  stops.push(
    film.changes.watch(() => {
      fill(
        chips,
        film.end ? outcomeChip(film.end, seat) : null,
        film.start ? h('span', { class: 'chip' }, agentsLine(film.start.agents)) : null,
      )
      if (!began && film.length >= (packed.step ?? 0)) {
        began = true
        player.seek(packed.step ?? 0)
        stops.push(bindKeys(stage.keys()))
      }
      show()
      player.wake()
    }),
    player.at.watch(show),
    bindKeys(playerKeys(player, () => film.length)),
  )
  return () => {
    for (const stop of stops) stop()
    player.dispose()
    stage.dispose()
    film.dispose()
  }
}
