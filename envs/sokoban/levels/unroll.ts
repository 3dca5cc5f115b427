/**
 * Run-length encoding read: `3#` is `###`, `2(-$)` is `-$-$`.
 * @returns `long` beyond `longest` symbols, `brackets` when they do not close.
 */
export function unroll(encoded: string, longest: number): { readonly text: string } | 'long' | 'brackets' {
  // A stack of what stands before each open bracket, and how often the bracket counts.
  const outer: { readonly text: string; readonly times: number }[] = []
  let text = ''
  let count = ''
  for (const symbol of encoded) {
    if (symbol >= '0' && symbol <= '9') {
      count += symbol
      continue
    }
    const times = count === '' ? 1 : Number(count)
    count = ''
    if (symbol === '(') {
      outer.push({ text, times })
      text = ''
      if (outer.length > longest) return 'brackets'
      continue
    }
    if (symbol === ')') {
      const group = outer.pop()
      if (group === undefined) return 'brackets'
      // A count of hundreds of digits is Infinity, and so often nothing is NaN.
      if (!(group.times * text.length + group.text.length <= longest)) return 'long'
      text = group.text + text.repeat(group.times)
      continue
    }
    if (times + text.length > longest) return 'long'
    text += symbol.repeat(times)
  }
  return outer.length > 0 ? 'brackets' : { text }
}
