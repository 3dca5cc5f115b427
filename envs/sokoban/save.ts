import {
  finish,
  getBytes,
  getF64,
  getF64s,
  getU16,
  getU32,
  putBytes,
  putF64,
  putF64s,
  putU16,
  putU32,
  reader,
  writer,
  written,
} from '#core/base/bytes'
import { Config } from './config.ts'
import { boardOf, type Sokoban } from './state.ts'

/** Of the bytes; beside the environment's version, so that a stranger's bytes are told at once. */
const FORMAT = 1
const HEADER = 56

/** Format, config length, t, player, pushed, flags, reward, terms, boxes on targets, config (JSON), cells. */
export function save(state: Sokoban, out?: Uint8Array): Uint8Array {
  const { cells, board } = state
  const w = writer(out, HEADER + board.bytes.length + 2 * cells.length)
  putU16(w, FORMAT)
  putU16(w, board.bytes.length)
  putU32(w, state.t)
  putU32(w, state.player)
  putU32(w, state.pushed)
  putU32(w, (state.terminated ? 1 : 0) | (state.truncated ? 2 : 0))
  putF64(w, state.rewards[0])
  putF64s(w, state.terms)
  putU32(w, state.on)
  putBytes(w, board.bytes)
  for (let cell = 0; cell < cells.length; cell++) putU16(w, cells[cell])
  return written(w)
}

/** @throws Error when the bytes are not a saved state. */
export function load(bytes: Uint8Array): Sokoban {
  const r = reader(bytes)
  if (getU16(r) !== FORMAT) throw new Error('not a saved Sokoban state')
  const length = getU16(r)
  const t = getU32(r)
  const player = getU32(r)
  const pushed = getU32(r)
  const flags = getU32(r)
  const rewards = Float64Array.of(getF64(r))
  const terms = getF64s(r, new Float64Array(3))
  const on = getU32(r)
  let json = ''
  for (const byte of getBytes(r, new Uint8Array(length))) json += String.fromCharCode(byte)
  const config = Config.parse(JSON.parse(json))
  const cells = new Uint16Array(config.width * config.height)
  for (let cell = 0; cell < cells.length; cell++) cells[cell] = getU16(r)
  finish(r)
  const terminated = (flags & 1) !== 0
  const truncated = (flags & 2) !== 0
  const board = boardOf(config, config.boxes)
  return { config, board, cells, player, on, pushed, t, rewards, terms, terminated, truncated }
}
