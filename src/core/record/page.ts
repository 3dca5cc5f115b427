/** A note that somebody wrote on a step. */
export interface Note {
  readonly t: number
  readonly text: string
}

/** An episode as a page holds it. */
export interface Packed {
  readonly title: string
  /** Its record: JSON lines, compressed (deflate-raw), as base64. */
  readonly record: string
  readonly seat?: number
  readonly step?: number
  readonly notes?: readonly Note[]
}

/** What a gallery says of each of its episodes. */
export interface Card {
  readonly title: string
  readonly env: string
  readonly agents: readonly string[]
  readonly seed: string
  readonly outcome: string
  readonly success: boolean
  readonly return: number
  readonly steps: number
  /** How far it is from what is usual among episodes of its game and agents; 0 is usual. */
  readonly strange: number
  /** The script of its record, beside the page. */
  readonly file: string
}

/** What a page of the player shows; a gallery's cards come in scripts of their own. */
export type Shown =
  | { readonly kind: 'episode'; readonly episode: Packed }
  | { readonly kind: 'gallery'; readonly title: string; readonly cards: readonly string[] }

/** Element that holds what a page shows, as JSON. */
export const SHOWN = 'kickpush-shown'

/**
 * An HTML page that needs nothing but itself, or the scripts that it names.
 * @param script the viewer's player (`player.js` of its build): its text, or its address beside the page.
 */
export function pageOf(
  title: string,
  shown: Shown,
  script: { readonly text: string } | { readonly src: string },
): string {
  // Within a script element nothing may look like its end.
  const json = JSON.stringify(shown).replaceAll('<', '\\u003c')
  const player =
    'src' in script
      ? `<script src="${escaped(script.src)}"></script>`
      : `<script>${script.text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')}</script>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${escaped(title)}</title>
</head>
<body>
<noscript>The episode is played again in the browser, which needs JavaScript.</noscript>
<script type="application/json" id="${SHOWN}">${json}</script>
${player}
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
