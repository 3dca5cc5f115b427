/** The path of an outside data file under `--data <folder>`; exits with 77 (skipped) when no folder is given. */
export function dataFile(path: string): string {
  const at = process.argv.indexOf('--data')
  const folder = at < 0 ? undefined : process.argv[at + 1]
  if (folder === undefined) {
    console.log(`skipped: --data <folder> with ${path} is needed`)
    process.exit(77)
  }
  return `${folder}/${path}`
}
