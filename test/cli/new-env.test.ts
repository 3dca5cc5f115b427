import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { register, rename, writeGame, writePackage } from '#cli/commands/new-env'
import { io } from '#cli/io'
import { conformance } from '#core/check/conformance'
import type { Env } from '#core/env/env'
import { envs as registry } from '#envs'
import { loadGames } from '#registry/games'
import { findModule } from '#registry/module'
import { coinfield } from '../../src/cli/template/index.ts'
import { run } from './run.ts'

const games = registry.map(({ id }) => id)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

describe('the game that a new environment begins as', () => {
  it.each(conformance(coinfield as never).map(({ name, detail }) => [name, detail]))('%s', (_, detail) => {
    expect(detail).toBe('')
  })

  it('pays coins, costs steps, and its expert gathers all', () => {
    const config = coinfield.config.parse({ size: 3, level: { walker: 0, coins: [2, 8] } })
    const state = coinfield.reset(config, '')
    const expert = coinfield.policies!.expert(config)
    const earned: number[] = []
    while (!state.terminated && !state.truncated) {
      coinfield.step(state, expert.act(state, 0, new Uint32Array(4)))
      earned.push(state.rewards[0])
    }
    expect(earned).toEqual([-0.1, 0.9, -0.1, 0.9])
    expect(coinfield.outcome(state)).toEqual({ name: 'gathered', success: true })
  })

  it('refuses levels that do not fit', () => {
    for (const level of [
      { walker: 9, coins: [1] },
      { walker: 1, coins: [1] },
      { walker: 0, coins: [1, 1] },
    ]) {
      expect(() => coinfield.reset(coinfield.config.parse({ size: 3, level }), '')).toThrow(
        'a cell of its own',
      )
    }
  })
})

describe('kickpush new-env', () => {
  const copy = mkdtempSync(join(tmpdir(), 'kickpush-new-env-'))
  beforeAll(() => {
    for (const part of ['package.json', 'src/core', 'envs']) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  it('writes a listed game that passes its checks at once, and nothing is there twice', async () => {
    const printed: string[] = []
    const home = pathToFileURL(`${copy}/`)
    const quiet = { ...io, print: (line: string) => printed.push(line) }
    await writeGame('coin-hunt', home, quiet)
    const files = readdirSync(join(ROOT, 'src/cli/template'), { recursive: true, encoding: 'utf8' })
    expect(printed).toHaveLength(files.filter((path) => path.endsWith('.ts')).length + 1)
    const { envs } = (await import(join(copy, 'envs/index.ts'))) as { envs: readonly Env[] }
    const listed = envs.find(({ id }) => id === 'coin-hunt')
    expect(listed?.title).toBe('CoinHunt: gather every coin')
    expect(conformance(listed!).filter(({ status }) => status === 'broken')).toEqual([])
    await expect(writeGame('coin-hunt', home, quiet)).rejects.toThrow('envs/coin-hunt is there already')
  })

  it('begins with files that are named as those of the games that are here', () => {
    const files = (folder: string): string[] =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((path) =>
        path.endsWith('.ts'),
      )
    const shipped = games.flatMap((game) => files(`envs/${game}`).map((path) => path.split('/').at(-1)))
    expect(files('src/cli/template').filter((path) => !shipped.includes(path.split('/').at(-1)))).toEqual([])
  })

  it('lists it in order, whatever the list looks like', () => {
    const source = readFileSync(join(ROOT, 'envs/index.ts'), 'utf8')
    expect(register(source, 'a-b')).toMatch(/import \{ aB \} from '\.\/a-b\/index\.ts'\nimport[\s\S]*, aB\]/)
    const long = source.replace(/\[(\w+), /, '[\n  $1,\n  ').replace(/\]\n$/, ',\n]\n')
    expect(register(long, 'zoo')).toMatch(
      /index\.ts'\nimport \{ zoo \} from '\.\/zoo\/index\.ts'\n\n[\s\S]*, zoo\n\]/,
    )
    expect(() => register('', 'zoo')).toThrow('no list of environments')
  })

  it('names it in every form', () => {
    expect(rename("id: 'coinfield' coinfield Coinfield", 'coin-hunt')).toBe(
      "id: 'coin-hunt' coinHunt CoinHunt",
    )
  })

  it.each([
    [['new-env'], /give one name \(got 0\)/],
    [['new-env', 'Maze'], /lower-case.*'Maze'/],
    [['new-env', '../up'], /lower-case/],
    [['new-env', 'class'], /no word of the language/],
    [['new-env', 'sokoban'], /there is a 'sokoban' already/],
  ])('%j is refused in one line', async (words, message) => {
    const { code, out, err } = await run(...words)
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(err).toHaveLength(1)
    expect(err[0]).toMatch(message)
    expect(existsSync(join(ROOT, 'envs/class'))).toBe(false)
  })
})

describe('kickpush new-env outside a clone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kickpush-package-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('writes a package whose game imports from kickpush alone, and passes its checks', async () => {
    const printed: string[] = []
    const quiet = { ...io, print: (line: string) => printed.push(line) }
    await writePackage('coin-hunt', folder, quiet)
    const home = join(folder, 'coin-hunt')
    expect(printed).toEqual(
      expect.arrayContaining(
        [
          '.github/workflows/check.yml',
          'README.md',
          'package.json',
          'page/main.ts',
          'recipe.yaml',
          'test/coin-hunt.test.ts',
        ].map((file) => `coin-hunt/${file}`),
      ),
    )
    for (const line of printed) {
      const text = readFileSync(join(folder, line), 'utf8')
      expect(text).not.toMatch(/coinfield|Coinfield|'#core|from 'zod'/)
    }
    const { envs } = await loadGames([findModule('./src/index.ts', home)])
    const game = envs.find(({ id }) => id === 'coin-hunt')
    expect(game?.origin).toEqual({ package: 'kickpush-coin-hunt', version: '0.1.0' })
    expect(conformance(game!).filter(({ status }) => status === 'broken')).toEqual([])
    await expect(writePackage('coin-hunt', folder, quiet)).rejects.toThrow('is there already')
  })
})
