import type { At, Editor } from '#core/env/editor'
import type { Config } from './config.ts'
import { BOX, LARGEST, TARGET, WALL } from './levels/level.ts'
import { symbolOf } from './levels/xsb.ts'
import { CELL, sceneOf } from './look/scene.ts'

const BRUSHES = ['wall', 'floor', 'target', 'box', 'player'] as const

/** A grid that need not be a level yet. */
interface Grid {
  readonly width: number
  readonly height: number
  readonly cells: Uint16Array
  /** Below 0 while there is none. */
  player: number
}

/** Levels are painted cell by cell; what stands in a cell can be carried to another. */
export const editor: Editor<Config> = {
  brushes: BRUSHES,
  scene(config) {
    const { cells, width, player } = gridOf(config)
    return sceneOf(cells, width, player)
  },
  paint(config, brush, at) {
    const grid = gridOf(config)
    const cell = cellAt(grid, at)
    if (cell < 0) return config
    const { cells } = grid
    const { width, height } = grid
    const [row, column] = [Math.floor(cell / width), cell % width]
    // The rim stays wall: a level is closed.
    if (row === 0 || column === 0 || row === height - 1 || column === width - 1) return config
    if (brush === 'wall' || brush === 'floor') {
      cells[cell] = brush === 'wall' ? WALL : 0
      if (grid.player === cell) grid.player = -1
    } else if (brush === 'target') cells[cell] = (cells[cell] & BOX) | TARGET
    else if (brush === 'box') {
      cells[cell] = (cells[cell] & TARGET) | BOX
      if (grid.player === cell) grid.player = -1
    } else if (brush === 'player') {
      cells[cell] &= TARGET
      grid.player = cell
    }
    return withGrid(config, grid)
  },
  carry(config, from, to) {
    const grid = gridOf(config)
    const [a, b] = [cellAt(grid, from), cellAt(grid, to)]
    if (a < 0 || b < 0 || a === b) return null
    const { cells } = grid
    if (grid.player === a) return editor.paint(config, 'player', to)
    const kind = cells[a] & BOX ? BOX : cells[a] & TARGET ? TARGET : 0
    if (kind === 0 || cells[b] & (WALL | kind) || (kind === BOX && grid.player === b)) return null
    cells[a] &= ~kind
    cells[b] |= kind
    return withGrid(config, grid)
  },
  grow(config, columns, rows) {
    const { width, height, cells, player } = gridOf(config)
    const [wide, high] = [width + columns, height + rows]
    if (wide < 4 || high < 4 || wide > LARGEST || high > LARGEST) return config
    const grown = new Uint16Array(wide * high).fill(WALL)
    let stands = -1
    for (let row = 1; row < Math.min(height, high) - 1; row++) {
      for (let column = 1; column < Math.min(width, wide) - 1; column++) {
        grown[row * wide + column] = cells[row * width + column]
        if (row * width + column === player) stands = row * wide + column
      }
    }
    return withGrid(config, { width: wide, height: high, cells: grown, player: stands })
  },
  least: ({ level, actionSet, maxSteps }) => ({ level, actionSet, maxSteps }),
  write: ({ level = '' }) => level,
}

const FLAGS: Readonly<Record<string, number>> = {
  '#': WALL,
  '.': TARGET,
  '+': TARGET,
  $: BOX,
  '*': BOX | TARGET,
}

/** The grid of a config's text, every row as long as the longest. */
function gridOf({ level = '' }: Config): Grid {
  const rows = level.split(/[\n|]/)
  const height = rows.length
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const cells = new Uint16Array(width * height)
  let player = -1
  for (const [row, symbols] of rows.entries()) {
    for (let column = 0; column < width; column++) {
      const symbol = symbols[column] ?? '#'
      cells[row * width + column] = FLAGS[symbol] ?? 0
      if (symbol === '@' || symbol === '+') player = row * width + column
    }
  }
  return { width, height, cells, player }
}

function withGrid(config: Config, { width, height, cells, player }: Grid): Config {
  let level = ''
  let boxes = 0
  for (let cell = 0; cell < cells.length; cell++) {
    if (cell > 0 && cell % width === 0) level += '\n'
    if (cells[cell] & BOX) boxes++
    level += symbolOf(cells[cell], cell === player)
  }
  return { ...config, level, width, height, boxes: Math.max(1, boxes) }
}

/** The cell at a place; -1 outside. */
function cellAt({ width, height }: Grid, { x, y }: At): number {
  const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)]
  return column < 0 || row < 0 || column >= width || row >= height ? -1 : row * width + column
}
