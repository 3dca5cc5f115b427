import { makeEnv } from 'kickpush'
import { mines } from '../mines/src/index.ts'

const find = <T extends Element>(selector: string): T => document.querySelector<T>(selector) as T
const board = find<HTMLCanvasElement>('#board')
const line = find('#line')
let seed = 1
const game = makeEnv(mines, { preset: 'usual' }, seed)
const expert = game.env.policies?.expert(game.config)

function show(): void {
  const { width, height, data } = game.frame()
  board.width = width
  board.height = height
  const image = new ImageData(width, height)
  for (let i = 0; i < width * height; i++) {
    image.data.set(data.subarray(3 * i, 3 * i + 3), 4 * i)
    image.data[4 * i + 3] = 255
  }
  board.getContext('2d')?.putImageData(image, 0, 0)
  line.textContent = `${game.outcome.name}, ${game.state.t} opened`
}

function open(action: number | undefined | null): void {
  if (game.done || action === undefined || action === null) return
  game.step(action)
  show()
}

board.addEventListener('click', ({ offsetX, offsetY }) => {
  const scale = game.scene().width / board.clientWidth
  open(game.env.point?.(game.state, 0, offsetX * scale, offsetY * scale))
})
find('#hint').addEventListener('click', () => open(expert?.act(game.state, 0, new Uint32Array(4))[0]))
find('#again').addEventListener('click', () => {
  game.reset(++seed)
  show()
})
show()
