import type { StoredModel } from './checkpoint.ts'
import { PATCH_BYTES } from './encode.ts'
import type { Weight } from './safetensors.ts'
import type { Shape } from './shape.ts'

/** Version of ONNX's operators that a graph is made of, and of its file format. */
export const OPSET = 17
export const IR_VERSION = 8

/** A constant of a graph. */
export interface Constant {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

/** An operation of a graph: ONNX's name for it, what it reads and gives, and its attributes. */
export interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes: Readonly<Record<string, number | readonly number[] | { readonly float: number }>>
}

/** An input or output; a dimension by name may be any. */
export interface Port {
  readonly name: string
  readonly type: 'int64' | 'uint8' | 'float32'
  readonly dims: readonly (string | number)[]
}

/** A computation, as ONNX has it: operations in an order in which they can be done. */
export interface Graph {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  readonly constants: readonly Constant[]
  readonly nodes: readonly Node[]
}

/** sqrt(2 / pi) and the cubic coefficient of GELU (kernels/gelu.ts), and what layer norm adds to the variance. */
const SCALE = 0.7978845608028654
const CUBIC = 0.044715
const EPSILON = 1e-5

/**
 * The model's forward pass over one prompt and the response so far: slots (`words` [slots], a word's index, or the
 * vocabulary's size + p where the slot shows patch p; `layers`, `rows`, `columns` [slots]), `patches` [patches, 768] (bytes of
 * pixels), `tokens` [tokens] (`<start>`, then what was written). Gives `logits` [tokens, vocabulary] and `values` [tokens].
 * @param table the embedding of every word with its place (`wordTable`).
 */
export function onnxGraph({ shape, vocabulary, weights }: StoredModel, table: Float32Array): Graph {
  const { width, blocks, heads } = shape
  const graph = new Builder(weights)
  const words = graph.constant('embed.table', [vocabulary.length, width], table)

  const scaled = graph.node('Div', [graph.cast('patches'), graph.scalar(127.5)])
  const pixels = graph.node('Sub', [scaled, graph.scalar(1)])
  const patches = graph.linear(pixels, 'vision.projector')
  const contents = graph.node('Gather', [graph.node('Concat', [words, patches], { axis: 0 }), 'words'], {
    axis: 0,
  })
  let read = contents
  for (const place of ['layers', 'rows', 'columns']) {
    const at = graph.node('Gather', [graph.weight(`embed.${place}`), place], { axis: 0 })
    read = graph.node('Add', [read, at])
  }
  const count = graph.node('Shape', ['tokens'])
  const positions = graph.node('Slice', [
    graph.weight('embed.positions'),
    graph.integers([0]),
    count,
    graph.integers([0]),
  ])
  const written = graph.node('Add', [graph.node('Gather', [words, 'tokens'], { axis: 0 }), positions])
  let x = graph.node('Concat', [read, written], { axis: 0 })

  const [slots, all] = [graph.node('Shape', ['words']), graph.node('Shape', [x], { start: 0, end: 1 })]
  const square = graph.node('Concat', [all, all], { axis: 0 })
  const never = graph.node('Expand', [graph.scalar(-1e9), square])
  const future = graph.node('Trilu', [never, graph.constant('one', [], BigInt64Array.of(1n))], { upper: 1 })
  const around = shape.near === undefined ? undefined : graph.neighbours(shape, shape.near, vocabulary.length)
  for (let i = 0; i < blocks; i++) {
    const block = `blocks.${i}`
    const own = graph.norm(x, `${block}.norm1`)
    const looked = around === undefined ? own : graph.near(own, around, `${block}.near`, slots, all)
    const qkv = graph.linear(looked, `${block}.attention`)
    const divided = graph.node('Reshape', [qkv, graph.integers([-1, 3, heads, width / heads])])
    const parts = graph.node('Transpose', [divided], { perm: [1, 2, 0, 3] })
    const [q, k, v] = [0, 1, 2].map((part) =>
      graph.node('Gather', [parts, graph.constant(`part.${part}`, [], BigInt64Array.of(BigInt(part)))], {
        axis: 0,
      }),
    )
    const turned = graph.node('Transpose', [k], { perm: [0, 2, 1] })
    const scores = graph.node('Mul', [
      graph.node('MatMul', [q, turned]),
      graph.scalar(1 / Math.sqrt(width / heads)),
    ])
    const seen = graph.node('Softmax', [graph.node('Add', [scores, future])], { axis: -1 })
    const found = graph.node('Transpose', [graph.node('MatMul', [seen, v])], { perm: [1, 0, 2] })
    const joined = graph.node('Reshape', [found, graph.integers([-1, width])])
    const y = graph.node('Add', [x, graph.linear(joined, `${block}.mix`)])
    const wide = graph.gelu(graph.linear(graph.norm(y, `${block}.norm2`), `${block}.widen`))
    x = graph.node('Add', [y, graph.linear(wide, `${block}.narrow`)])
  }
  const response = graph.node('Slice', [x, slots, all, graph.integers([0])])
  const final = graph.norm(response, 'norm')
  graph.node('MatMul', [final, graph.node('Transpose', [words], { perm: [1, 0] })], {}, 'logits')
  graph.node('Reshape', [graph.linear(final, 'value'), graph.integers([-1])], {}, 'values')
  const slot = (name: string): Port => ({ name, type: 'int64', dims: ['slots'] })
  return {
    inputs: [
      ...['words', 'layers', 'rows', 'columns'].map(slot),
      { name: 'patches', type: 'uint8', dims: ['patches', PATCH_BYTES] },
      { name: 'tokens', type: 'int64', dims: ['tokens'] },
    ],
    outputs: [
      { name: 'logits', type: 'float32', dims: ['tokens', vocabulary.length] },
      { name: 'values', type: 'float32', dims: ['tokens'] },
    ],
    constants: graph.constants,
    nodes: graph.nodes,
  }
}

/** A graph on its way: names results, and writes every constant once. */
class Builder {
  readonly nodes: Node[] = []
  readonly #weights: Readonly<Record<string, Weight>>
  readonly #constants = new Map<string, Constant>()

  constructor(weights: Readonly<Record<string, Weight>>) {
    this.#weights = weights
  }

  get constants(): Constant[] {
    return [...this.#constants.values()]
  }

  node(op: string, inputs: readonly string[], attributes: Node['attributes'] = {}, output = ''): string {
    const name = output || `${op}.${this.nodes.length}`
    this.nodes.push({ op, inputs, output: name, attributes })
    return name
  }

  constant(name: string, dims: readonly number[], data: Constant['data']): string {
    this.#constants.set(name, { name, dims, data })
    return name
  }

  scalar(value: number): string {
    return this.constant(`number.${value}`, [], Float32Array.of(value))
  }

  integers(values: readonly number[]): string {
    return this.constant(`list.${values}`, [values.length], BigInt64Array.from(values, BigInt))
  }

  weight(name: string): string {
    const { shape, data } = this.#weights[name]
    return this.constant(name, shape, data)
  }

  cast(input: string): string {
    return this.node('Cast', [input], { to: 1 })
  }

  linear(x: string, name: string): string {
    return this.node('Add', [
      this.node('MatMul', [x, this.weight(`${name}.weight`)]),
      this.weight(`${name}.bias`),
    ])
  }

  norm(x: string, name: string): string {
    const inputs = [x, this.weight(`${name}.gain`), this.weight(`${name}.bias`)]
    return this.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: EPSILON } })
  }

  /** Who is around each slot, as 0 and 1 [taps, slots, slots] (neighbours.ts). */
  neighbours({ rows, columns }: Shape, near: number, vocabulary: number): string {
    // One number for layer, kind and place; a border as wide as one looks keeps the ends of rows apart.
    const across = columns + 2 * near
    const number = (value: number) => this.constant(`count.${value}`, [], BigInt64Array.of(BigInt(value)))
    const patch = this.node('Cast', [this.node('GreaterOrEqual', ['words', number(vocabulary)])], { to: 7 })
    let place = this.node('Add', [this.node('Mul', ['layers', number(2)]), patch])
    place = this.node('Add', [this.node('Mul', [place, number(rows + 2 * near)]), 'rows'])
    place = this.node('Add', [this.node('Mul', [place, number(across)]), 'columns'])
    const steps: number[] = []
    for (let row = -near; row <= near; row++)
      for (let column = -near; column <= near; column++) steps.push(row * across + column)
    const by = this.constant('steps', [steps.length, 1, 1], BigInt64Array.from(steps, BigInt))
    const wanted = this.node('Add', [by, this.node('Unsqueeze', [place, this.integers([1])])])
    return this.cast(this.node('Equal', [wanted, place]))
  }

  /** x [tokens, width] with what slots have around them added; tokens after the slots stay. */
  near(x: string, around: string, weights: string, slots: string, all: string): string {
    const start = this.integers([0])
    const own = this.node('Slice', [x, start, slots, start])
    const found = this.node('MatMul', [around, own])
    const weighed = this.node('Mul', [
      found,
      this.node('Unsqueeze', [this.weight(weights), this.integers([1])]),
    ])
    const sum = this.node('Add', [own, this.node('ReduceSum', [weighed, start], { keepdims: 0 })])
    return this.node('Concat', [sum, this.node('Slice', [x, slots, all, start])], { axis: 0 })
  }

  gelu(x: string): string {
    const cubic = this.node('Mul', [this.node('Mul', [x, x]), this.scalar(SCALE * CUBIC)])
    const inner = this.node('Mul', [x, this.node('Add', [cubic, this.scalar(SCALE)])])
    const half = this.node('Mul', [x, this.scalar(0.5)])
    return this.node('Mul', [half, this.node('Add', [this.node('Tanh', [inner]), this.scalar(1)])])
  }
}
