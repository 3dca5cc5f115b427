/** A mistake of the person or program that called us: shown as one line, exit code 2, never a stack trace. */
export class UserError extends Error {
  override name = 'UserError'
}

/** '; did you mean "x"? Allowed: ...' for a name that is not in `allowed`. */
export function didYouMean(name: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return ''
  let best = ''
  let least = Math.max(3, Math.floor(name.length / 2))
  for (const candidate of allowed) {
    const distance = distanceOf(name.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  const guess = best ? `; did you mean '${best}'?` : ''
  return `${guess} (allowed: ${allowed.slice(0, 40).join(', ')}${allowed.length > 40 ? ', ...' : ''})`
}

/** Edits from one to the other; what was only begun to be written is near. */
function distanceOf(name: string, candidate: string): number {
  return name.length > 1 && candidate.startsWith(name) ? 1 : edits(name, candidate)
}

function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    previous = row
  }
  return previous[b.length]
}
