/** A number for people: at most `digits` decimals, no trailing zeros, a real minus sign. */
export function number(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const text =
    size >= 1e6 || (size > 0 && size < 10 ** -digits / 2)
      ? value.toExponential(1)
      : String(Number(value.toFixed(digits)))
  return text.replace('-', '−')
}

/** The same with a plus sign for gains. */
export function signed(value: number, digits = 2): string {
  return value > 0 ? `+${number(value, digits)}` : number(value, digits)
}

/** '1 step', '2 steps'. */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
}

/** 'left wing' for 'left_wing': names as words. */
export function words(name: string): string {
  return name.replaceAll('_', ' ')
}

const AGES = [
  [60, 1, 's'],
  [3600, 60, 'min'],
  [86_400, 3600, 'h'],
  [Number.POSITIVE_INFINITY, 86_400, 'd'],
] as const

/** How long ago `time` (milliseconds since 1970) was at `now`: 'now', '5 min', '3 h', '12 d'. */
export function age(time: number, now: number): string {
  const seconds = Math.max(0, now - time) / 1000
  const [, unit, name] = AGES.find(([below]) => seconds < below) ?? AGES[3]
  return seconds < 10 ? 'now' : `${Math.floor(seconds / unit)} ${name}`
}
