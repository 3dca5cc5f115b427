/**
 * The golden table in every engine that is here: this Node, Chromium, Firefox, JavaScriptCore (jsc) and SpiderMonkey (gjs,
 * js102) from system packages, and in other Nodes that are named, each by a command: --node "qemu-aarch64 -L root node".
 *
 *   npm run build && npm run shows -- golden --node ./node22/bin/node
 *   apt-get install firefox-esr gjs libmozjs-102-dev libjavascriptcoregtk-4.0-bin qemu-user
 *
 * With --long: 10,000 random episodes and the whole of recipes/quick.yaml, in this Node and in Chromium (--only episodes: those).
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'vite'
import { hashOfTable, isLong, LONG, readTable } from '#agent/golden/golden'
import { CHROMIUM, launch } from '../browser/browser.ts'
import { serveFolder } from '../browser/tab.ts'
import { claim, ROOT, run, show } from './show.ts'

const given = (flag: string): string[] =>
  process.argv.flatMap((word, i) => (word === flag ? [process.argv[i + 1]] : []))
const long = process.argv.includes('--long')
const kinds = given('--only').length > 0 ? given('--only') : long ? LONG : []
const table = readTable(readFileSync(join(ROOT, 'docs/determinism.md'), 'utf8'))
const published = new Map([...table].filter(([of]) => isLong(of) === long))

/** Compares the lines of an engine with the published table. */
function compare(engine: string, out: string): void {
  const rows = readTable(out)
  rows.forEach((_, of) => void (of.startsWith('all of these') && rows.delete(of)))
  const differ = [...published].filter(([of, hash]) => rows.get(of) !== hash)
  const lines = [...rows].map(([of, hash]) => `${hash}  ${of}`)
  const shown = differ.length === 0 ? hashOfTable(lines) : `first: ${differ[0][0]}; ${out.slice(-300)}`
  claim(`${engine}: ${published.size - differ.length} of ${published.size} rows`, differ.length === 0, shown)
}

/** The long form: what Chromium computes is what this Node does, row by row. */
async function compareLong(script: string): Promise<void> {
  const bin = join(ROOT, 'bin/kickpush.js')
  const only = kinds.flatMap((kind) => ['--only', kind])
  const site = await serveFolder(dirname(script), '<!doctype html><script src="golden.js"></script>')
  const browser = await launch()
  const page = await browser.newPage()
  // It computes before it has loaded.
  await page.goto(`${site.url}/?post&${kinds.map((kind) => `kind=${kind}`).join('&')}`, {
    waitUntil: 'commit',
  })
  const inTab = readTable(await site.posted)
  await browser.close()
  await site.close()
  const told = run(process.execPath, [bin, 'golden', '--workers', '0', ...only]).out
  // What the command says of a row that is not published, or differs from what is, is no part of its name.
  const here = readTable(told.replace(/ {2}(?:not published|differs from [0-9a-f]{16})$/gm, ''))
  here.forEach((_, of) => void (of.startsWith('all of these') && here.delete(of)))
  for (const [of, hash] of here) console.log(`${hash}  ${of}`)
  const differ = [...here].filter(([of, hash]) => inTab.get(of) !== hash)
  claim(
    `${kinds.join(' and ')}: ${here.size - differ.length} of ${here.size} rows of Node ${process.versions.node} in Chromium ${browser.version()}`,
    here.size > 0 && differ.length === 0,
    differ[0]?.[0],
  )
}

/** The version that a program tells; null where it is not installed. */
function versionOf(program: string, flag = '--version'): string | null {
  const { code, out } = run(program, [flag])
  return code === null ? null : out.trim().split('\n')[0]
}

await show(async (folder) => {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
    build: {
      outDir: folder,
      lib: {
        entry: join(ROOT, 'test/browser/tab/golden.ts'),
        formats: ['iife'],
        name: 'page',
        fileName: () => 'golden.js',
      },
    },
  })
  const script = join(folder, 'golden.js')
  if (kinds.length > 0) return compareLong(script)
  const bin = join(ROOT, 'bin/kickpush.js')
  for (const node of [process.execPath, ...given('--node')]) {
    const [program, ...words] = node.split(' ')
    const { out, err } = run(program, [...words, bin, 'golden', '--workers', '0'])
    compare(/all of these .*$/m.exec(out)?.[0] ?? node, out + err)
  }
  for (const [name, program, flag] of [
    ['JavaScriptCore (jsc)', 'jsc', ''],
    ['SpiderMonkey (js102)', 'js102', '--version'],
    ['SpiderMonkey (gjs)', 'gjs', '--version'],
  ]) {
    const version = flag ? versionOf(program, flag) : ''
    const { code, out, err } = run(program, [script])
    if (code === null) console.log(`skipped: ${program} is not installed`)
    else compare(`${name} ${version ?? ''}`.trim(), out + err)
  }
  const site = await serveFolder(folder, '<!doctype html><script src="golden.js"></script>')
  if (CHROMIUM) {
    const browser = await launch()
    const page = await browser.newPage()
    await page.goto(`${site.url}/?post`)
    compare(`Chromium ${browser.version()}`, await site.posted)
    await browser.close()
  } else console.log('skipped: there is no Chromium')
  const firefox = versionOf('firefox-esr')
  if (firefox !== null) {
    const again = await serveFolder(folder, '<!doctype html><script src="golden.js"></script>')
    const profile = join(folder, 'profile')
    mkdirSync(profile)
    const child = spawn(
      'firefox-esr',
      ['--headless', '--no-remote', '--profile', profile, `${again.url}/?post`],
      {
        stdio: 'ignore',
        env: { ...process.env, HOME: folder, MOZ_CRASHREPORTER_DISABLE: '1' },
      },
    )
    compare(firefox, await again.posted)
    child.kill('SIGKILL')
    await again.close()
  } else console.log('skipped: firefox-esr is not installed')
  await site.close()
})
