import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TensorBoardLog } from '../../src/cli/tensorboard.ts'

test('metrics are records with checksums, as TensorBoard 2.20 read them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tensorboard-'))
  const log = new TensorBoardLog(join(folder, 'tensorboard'), () => 1_795_696_628_500)
  log.add({ update: 300, stage: 'fre', success: 0.5, note: null })
  log.add({ update: 301, stage: 'fre', success: 0.25 })
  const [file] = readdirSync(join(folder, 'tensorboard'))
  expect(file).toMatch(/^events\.out\.tfevents\.1795696628\./)
  const bytes = readFileSync(join(folder, 'tensorboard', file))
  const records: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at)
    records.push(bytes.subarray(at + 8, at + 16 + length).toString('hex'))
    at += 16 + length
  }
  // The file's version, the start at step 300, then a row each; a checksum of the length first, one of the event last.
  expect(records).toMatchInlineSnapshot(`
    [
      "a37f4b2209000020fd09c2da411a0d627261696e2e4576656e743a32d3de0973",
      "95fbfe1809000020fd09c2da4110ac023a020801019cce14",
      "d9dc123209000020fd09c2da4110ac022a100a0e0a0773756363657373150000003fc9106ec3",
      "d9dc123209000020fd09c2da4110ad022a100a0e0a0773756363657373150000803efe42e8de",
    ]
  `)
})
