import { rasterize } from '#core/draw/rasterize'
import { toRgba } from '../board/plain.ts'
import { fill, h } from '../ui/dom.ts'
import type { Tape } from './film.ts'
import type { Player } from './player.ts'
import { PAD, type Scale } from './scale.ts'

/** Width (pixels) of the picture that shows a step before one goes there. */
const PREVIEW = 176
/** Pixels that a press may move and still be one. */
const STILL = 5

/** Moments this near (pixels) to the pointer are named. */
const NEAR = 6

/**
 * What a pointer does over tracks: it shows the step below it; a press goes there, a drag zooms in, a double press out;
 * the wheel zooms with Ctrl and moves with Shift. The result ends it.
 */
export function pointOn(over: HTMLElement, film: Tape, player: Player, scale: Scale): () => void {
  const picture = h('canvas', { 'aria-hidden': 'true' })
  const text = h('span')
  const tip = h('div', { class: 'peek', hidden: true }, picture, text)
  const band = h('i', { class: 'band', hidden: true })
  over.append(tip, band)
  let begun: number | null = null
  let frame = 0

  /** The track below the pointer, which all others lie under. */
  const track = () => (over.querySelector('canvas.track, canvas.lane, canvas.curve') ?? over) as HTMLElement
  const within = (event: MouseEvent) => {
    const { left, width } = track().getBoundingClientRect()
    return { x: event.clientX - left, width }
  }
  const peek = (event: PointerEvent) => {
    const { x, width } = within(event)
    if (x < 0 || x > width || film.length === 0 || event.pointerType === 'touch') {
      tip.hidden = true
      return
    }
    const t = Math.round(scale.t(x, width))
    const near = film.marks.filter((mark) => Math.abs(scale.x(mark.t, width) - x) < NEAR)
    const names = [...new Set(near.map(({ name }) => name))]
    fill(text, `step ${t}`, names.length > 0 && h('strong', null, ` ${names.join(', ')}`))
    tip.hidden = false
    const left = event.clientX - over.getBoundingClientRect().left
    const room = over.clientWidth - tip.offsetWidth
    tip.style.left = `${Math.max(0, Math.min(room, left - tip.offsetWidth / 2))}px`
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => paint(picture, film, t))
  }
  const drag = (event: PointerEvent) => {
    if (begun === null) return
    const { x, width } = within(event)
    const offset = track().getBoundingClientRect().left - over.getBoundingClientRect().left
    const [a, b] = [begun, Math.max(PAD, Math.min(width - PAD, x))].sort((p, q) => p - q)
    band.hidden = b - a < STILL
    band.style.left = `${offset + a}px`
    band.style.width = `${b - a}px`
  }
  const down = (event: PointerEvent) => {
    const { x, width } = within(event)
    const free = event.target instanceof HTMLCanvasElement && event.button === 0
    if (!free || x < 0 || x > width) return
    begun = x
    over.setPointerCapture(event.pointerId)
  }
  const up = (event: PointerEvent) => {
    if (begun === null) return
    const { x, width } = within(event)
    if (band.hidden) {
      player.playing.value = false
      player.seek(Math.round(scale.t(x, width)))
    } else scale.show(scale.t(begun, width), scale.t(x, width))
    cancel()
  }
  const cancel = () => {
    begun = null
    band.hidden = true
  }
  const wheel = (event: WheelEvent) => {
    const { x, width } = within(event)
    if (event.ctrlKey || event.metaKey) scale.zoom(event.deltaY > 0 ? 1.25 : 0.8, scale.t(x, width))
    else if (event.shiftKey && !scale.whole) scale.move((event.deltaX || event.deltaY) / 800)
    else return
    event.preventDefault()
  }
  const gone = new AbortController()
  const { signal } = gone
  over.addEventListener('pointermove', peek, { signal })
  over.addEventListener('pointermove', drag, { signal })
  over.addEventListener('pointerdown', down, { signal })
  over.addEventListener('pointerup', up, { signal })
  over.addEventListener('pointercancel', cancel, { signal })
  over.addEventListener('pointerleave', () => (tip.hidden = true), { signal })
  over.addEventListener('dblclick', () => scale.all(), { signal })
  over.addEventListener('wheel', wheel, { signal, passive: false })
  return () => {
    gone.abort()
    cancelAnimationFrame(frame)
  }
}

/** The board after `t` steps, small. */
function paint(canvas: HTMLCanvasElement, film: Tape, t: number): void {
  const scene = film.stage?.(t, 0)
  canvas.hidden = !scene
  if (!scene) return
  const height = Math.max(1, Math.round((PREVIEW * scene.height) / scene.width))
  if (canvas.width !== PREVIEW || canvas.height !== height) {
    canvas.width = PREVIEW
    canvas.height = height
  }
  const image = new ImageData(PREVIEW, height)
  toRgba(rasterize(scene, PREVIEW, height).data, image.data)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}
