/** Outlines on a 24-unit square, drawn with the text's colour. */
const PATHS = {
  live: 'M12 12h.01M8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.6 18.4a9 9 0 0 1 0-12.8M18.4 5.6a9 9 0 0 1 0 12.8',
  replays: 'M4 6h16M4 12h16M4 18h10',
  compare: 'M4 5h7v14H4zM13 5h7v14h-7z',
  training: 'M4 19V5M4 19h16M7 15l4-5 3 3 5-7',
  play: 'M8 5v14l11-7z',
  lab: 'M9 4h6M10 4v6l-5 8a1.500 1.500 0 0 0 1.300 2.300h11.400A1.500 1.500 0 0 0 19 18l-5-8V4M7.500 15h9',
  hand: 'M7 9H4v3h3v3h3v-3h3V9h-3V6H7zM16.5 10.5h.01M19 13h.01',
  pause: 'M8 5v14M16 5v14',
  first: 'M6 5v14M19 5l-9 7 9 7z',
  last: 'M18 5v14M5 5l9 7-9 7z',
  back: 'M15 5l-8 7 8 7',
  next: 'M9 5l8 7-8 7',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  help: 'M9.2 9.2a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2.2M12 17.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  share: 'M12 15V4M8 8l4-4 4 4M5 12v8h14v-8',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.500 9h.01',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4',
  download: 'M12 4v11M7 10.500l5 5 5-5M5 20h14',
  fork: 'M7 4v6a4 4 0 0 0 4 4h6M7 14v6M14 11l3 3-3 3',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  cross: 'M6 6l12 12M18 6L6 18',
  layers: 'M12 4l9 5-9 5-9-5zM3 14l9 5 9-5',
  follow: 'M5 12h12M12 6l6 6-6 6',
  up: 'M12 19V5M6 11l6-6 6 6',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  enlarge: 'M14 5h5v5M19 5l-6 6M10 19H5v-5M5 19l6-6',
  wide: 'M3 6h18v12H3zM7 10l-2 2 2 2M17 10l2 2-2 2',
  pencil: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  page: 'M6 3h8l4 4v14H6zM14 3v4h4M10 12l5 3-5 3z',
  plus: 'M12 6v12M6 12h12',
  minus: 'M6 12h12',
  loop: 'M17 3l3 3-3 3M4 11V9a3 3 0 0 1 3-3h13M7 21l-3-3 3-3M20 13v2a3 3 0 0 1-3 3H4',
  focus: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  undo: 'M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
} as const

export type IconName = keyof typeof PATHS

const SVG = 'http://www.w3.org/2000/svg'

/** A decorative icon; the control around it carries the name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}
