import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { MetricsRow } from '#core/record/run'
import { makeFolder } from '#stores/folder'

/**
 * Metrics as TensorBoard reads them: an event file in `folder`, appended row by row. A file is a row of records (length,
 * its checksum, an `Event` in protocol buffers, its checksum; tensorflow/core/lib/io/record_writer.h, util/event.proto).
 * A resume writes a file of its own, whose start tells TensorBoard which steps it plays again.
 */
export class TensorBoardLog {
  readonly #file: string
  readonly #now: () => number
  #begun = false

  /** @param now milliseconds since 1970. */
  constructor(folder: string, now: () => number = Date.now) {
    makeFolder(folder)
    const seconds = String(Math.floor(now() / 1000)).padStart(10, '0')
    this.#file = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${randomUUID().slice(0, 8)}`)
    this.#now = now
    this.#append([...text(3, 'brain.Event:2')])
  }

  add(row: MetricsRow): void {
    if (!this.#begun) this.#append([...number(2, row.update), ...message(7, number(1, START))])
    this.#begun = true
    const values = Object.entries(row).flatMap(([name, value]) =>
      name === 'update' || typeof value !== 'number'
        ? []
        : message(1, [...text(1, name), ...float(2, value)]),
    )
    this.#append([...number(2, row.update), ...message(5, values)])
  }

  #append(event: readonly number[]): void {
    const data = Uint8Array.from([...double(1, this.#now() / 1000), ...event])
    const record = new Uint8Array(16 + data.length)
    const view = new DataView(record.buffer)
    view.setUint32(0, data.length, true)
    view.setUint32(8, masked(record.subarray(0, 8)), true)
    record.set(data, 12)
    view.setUint32(12 + data.length, masked(data), true)
    appendFileSync(this.#file, record)
  }
}

/** SessionLog.START. */
const START = 1

// Protocol buffers: a key (field, kind of its value), then the value.
const VARINT = 0
const EIGHT_BYTES = 1
const BYTES = 2
const FOUR_BYTES = 5

function varint(value: number): number[] {
  const out: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128)
  out.push(rest)
  return out
}

const key = (field: number, kind: number): number[] => varint(field * 8 + kind)
const number = (field: number, value: number): number[] => [...key(field, VARINT), ...varint(value)]
const message = (field: number, bytes: readonly number[]): number[] => [
  ...key(field, BYTES),
  ...varint(bytes.length),
  ...bytes,
]
const text = (field: number, value: string): number[] => message(field, [...new TextEncoder().encode(value)])

function double(field: number, value: number): number[] {
  return [...key(field, EIGHT_BYTES), ...new Uint8Array(Float64Array.of(value).buffer)]
}

function float(field: number, value: number): number[] {
  return [...key(field, FOUR_BYTES), ...new Uint8Array(Float32Array.of(value).buffer)]
}

/** CRC-32C (RFC 3720), turned and shifted as these files have it. */
function masked(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
