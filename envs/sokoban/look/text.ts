import { ACTIONS } from '../config.ts'
import { BOX, DIRECTIONS, TARGET, WALL } from '../levels/level.ts'
import { symbolOf } from '../levels/xsb.ts'
import { boxesOf, FLAGS, type Sokoban } from '../state.ts'

const SYMBOLS = ['#', '-', '.', '$', '*', '@', '+'] as const
/** RAGEN's, in the same order. */
const RAGEN = ['#', '_', 'O', 'X', '√', 'P', 'S'] as const
const CELLS = ['wall', 'floor', 'target', 'box', 'box-on-target', 'player', 'player-on-target'] as const
const COORDINATES = 13

/** Everything that texts, thoughts and answers are made of; rows and columns as far as the largest preset. */
export const words: readonly string[] = [
  ...SYMBOLS,
  ...DIRECTIONS,
  'push',
  'no',
  ...Array.from({ length: COORDINATES }, (_, i) => `r${i + 1}`),
  ...Array.from({ length: COORDINATES }, (_, i) => `c${i + 1}`),
  ...CELLS,
  ...ACTIONS.gym,
]

/** 'r3 c4': row and column of a cell, from 1 at the top left. */
export function coordinates(cell: number, width: number): string {
  const row = Math.floor(cell / width)
  return `r${row + 1} c${cell - row * width + 1}`
}

/**
 * Compact: XSB symbols with `-` for floor. Verbose: a word per cell, then everything that can move or matter by place. Ragen:
 * RAGEN's symbols, apart.
 */
export function text(state: Sokoban): string {
  const { style } = state.config
  return style === 'compact' ? compact(state) : style === 'ragen' ? ragen(state) : verbose(state)
}

function ragen(state: Sokoban): string {
  const rows = compact(state).split('\n')
  const symbolFor = (symbol: string): string => RAGEN[(SYMBOLS as readonly string[]).indexOf(symbol)]
  return rows.map((row) => Array.from(row, symbolFor).join(' ')).join('\n')
}

function compact(state: Sokoban): string {
  const { cells, player } = state
  const { width } = state.board
  let out = ''
  for (let cell = 0; cell < cells.length; cell++) {
    if (cell > 0 && cell % width === 0) out += '\n'
    out += symbolOf(cells[cell] & FLAGS, cell === player, '-')
  }
  return out
}

function verbose(state: Sokoban): string {
  const { cells, player } = state
  const { width, height } = state.board
  const lines: string[] = []
  for (let row = 0; row < height; row++) {
    const names: string[] = []
    for (let cell = row * width; cell < (row + 1) * width; cell++) {
      const symbol = symbolOf(cells[cell] & FLAGS, cell === player, '-')
      names.push(CELLS[(SYMBOLS as readonly string[]).indexOf(symbol)])
    }
    lines.push(names.join(' '))
  }
  const at = (name: string, cell: number) => lines.push(`${name} ${coordinates(cell, width)}`)
  at(cells[player] & TARGET ? 'player-on-target' : 'player', player)
  for (const cell of boxesOf(state)) at(cells[cell] & TARGET ? 'box-on-target' : 'box', cell)
  for (let cell = 0; cell < cells.length; cell++) {
    if ((cells[cell] & (TARGET | BOX | WALL)) === TARGET && cell !== player) at('target', cell)
  }
  return lines.join('\n')
}
