/** A recipe that trains on what an address names (`env`, `config` as JSON) in the place of its own data. */
export function withGiven(text: string, query: URLSearchParams): string {
  const env = query.get('env')
  const config = query.get('config')
  if (!env || !config) return text
  // JSON is YAML; the recipe's other lines stay as they are.
  const data = `data:\n  - env: ${JSON.stringify(env)}\n    config: ${config.replaceAll('\n', ' ')}\n`
  return text.replace(/^data:\n(?:[ #].*\n)+/m, () => data)
}
