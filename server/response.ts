/**
 * What a model wrote: the query without its prompt; whoever scores it knows that special tokens may end it. A picture is
 * one special token in some prompts and hundreds in their queries; runs of the same count as one.
 */
export function responseOf(query: string, prompt: string): string {
  const [whole, asked] = [single(query), single(prompt)]
  const at = find(whole, asked)
  return at < 0 ? whole : whole.slice(at + asked.length)
}

const single = (text: string): string => text.replace(/(<\|[^<>|]{1,40}\|>)(?:\1)+/g, '$1')

/**
 * Where `part` first stands in `text`, -1 where it does not. It looks at every letter once (Knuth, Morris and Pratt);
 * the engine's own indexOf may compare all of one with all of the other.
 */
function find(text: string, part: string): number {
  if (text.startsWith(part)) return 0
  // borders[i]: how much of the beginning of `part` also ends at letter i.
  const borders = new Int32Array(part.length)
  for (let i = 1, length = 0; i < part.length; i++) {
    while (length > 0 && part[i] !== part[length]) length = borders[length - 1]
    if (part[i] === part[length]) length++
    borders[i] = length
  }
  for (let i = 0, length = 0; i < text.length; i++) {
    while (length > 0 && text[i] !== part[length]) length = borders[length - 1]
    if (text[i] === part[length]) length++
    if (length === part.length) return i - length + 1
  }
  return -1
}
