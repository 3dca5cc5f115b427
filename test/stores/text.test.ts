import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { UserError } from '#core/base/errors'
import { makeFolder } from '#stores/folder'
import { readTextFile, textLines } from '#stores/text'

const home = mkdtempSync(join(tmpdir(), 'kickpush-text-'))
afterAll(() => rmSync(home, { recursive: true }))

describe('folders', () => {
  it('are made with those above them, also when they are there', () => {
    makeFolder(join(home, 'a', 'b', 'c'))
    makeFolder(join(home, 'a', 'b', 'c'))
    expect(existsSync(join(home, 'a', 'b', 'c'))).toBe(true)
  })

  it.runIf(process.platform === 'linux')(
    'that the system refuses are refused, and not tried for ever',
    () => {
      for (const path of ['/proc/x', '/proc/x/y/z', '/dev/null/x']) expect(() => makeFolder(path)).toThrow()
    },
  )

  it('below something else, or too long, are refused', () => {
    writeFileSync(join(home, 'file'), '')
    symlinkSync(join(home, 'nowhere'), join(home, 'link'))
    for (const path of ['file/x', 'link/x', 'long'.repeat(1000), 'deep/'.repeat(5000)])
      expect(() => makeFolder(join(home, path))).toThrow()
  })
})

describe('texts of files', () => {
  it('are unpacked where gzip has packed them, up to a size', async () => {
    const file = join(home, 'text.gz')
    writeFileSync(file, gzipSync('é'.repeat(40_000)))
    expect(await readTextFile(file)).toBe('é'.repeat(40_000))
    await expect(readTextFile(file, 79_999)).rejects.toThrow(/text.gz': it holds more than 79999 bytes/)
    writeFileSync(file, gzipSync('text').subarray(0, 15))
    await expect(readTextFile(file)).rejects.toThrow(/cannot read '.*text.gz': gzip: /)
    writeFileSync(file, 'PK\u0003\u0004...')
    await expect(readTextFile(file)).rejects.toThrow(/it is an archive \(zip\); unpack it first/)
  })

  it('are read whole, up to a size', async () => {
    const file = join(home, 'text')
    writeFileSync(file, 'é'.repeat(40_000))
    expect(await readTextFile(file)).toBe('é'.repeat(40_000))
    await expect(readTextFile(file, 79_999)).rejects.toThrow(/more than 79999 bytes/)
    await expect(readTextFile(join(home, 'none'))).rejects.toThrow(/no such file or directory/)
    await expect(readTextFile(home)).rejects.toThrow(/illegal operation on a directory/)
  })

  it.runIf(process.platform === 'linux')('that never end are refused', async () => {
    await expect(readTextFile('/dev/zero', 1 << 20)).rejects.toThrow(UserError)
  })
})

describe('lines of files', () => {
  const lines = async (path: string): Promise<string[]> => {
    const all: string[] = []
    for await (const line of textLines(path)) all.push(line)
    return all
  }

  it('come whole, however long they are and however they end', async () => {
    const file = join(home, 'lines')
    const long = 'é'.repeat(100_000)
    writeFileSync(file, `one\r\n\n${long}\n${long}x\nlast`)
    expect(await lines(file)).toEqual(['one', '', long, `${long}x`, 'last'])
    writeFileSync(file, '')
    expect(await lines(file)).toEqual([])
    await expect(lines(join(home, 'none'))).rejects.toThrow(/no such file or directory/)
  })

  it.runIf(process.platform === 'linux')('that never end are refused', async () => {
    await expect(lines('/dev/zero')).rejects.toThrow(/a line has more than/)
  })
})
