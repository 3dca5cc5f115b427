import protobuf from 'protobufjs/light.js'
import { type Constant, type Graph, IR_VERSION, type Node, OPSET, type Port } from '#agent/model/onnx'
import { KICKPUSH } from '#core/base/version'

type Fields = Readonly<Record<string, readonly [id: number, type: string, many?: 'many']>>

/** What of ONNX's format (onnx/onnx.proto) a graph needs. */
const MESSAGES: Readonly<Record<string, Fields>> = {
  ModelProto: {
    irVersion: [1, 'int64'],
    producerName: [2, 'string'],
    producerVersion: [3, 'string'],
    graph: [7, 'GraphProto'],
    opsetImport: [8, 'OperatorSetIdProto', 'many'],
    metadataProps: [14, 'StringStringEntryProto', 'many'],
  },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  GraphProto: {
    node: [1, 'NodeProto', 'many'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto', 'many'],
    input: [11, 'ValueInfoProto', 'many'],
    output: [12, 'ValueInfoProto', 'many'],
  },
  NodeProto: {
    input: [1, 'string', 'many'],
    output: [2, 'string', 'many'],
    name: [3, 'string'],
    opType: [4, 'string'],
    attribute: [5, 'AttributeProto', 'many'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    ints: [8, 'int64', 'many'],
    type: [20, 'int32'],
  },
  TensorProto: {
    dims: [1, 'int64', 'many'],
    dataType: [2, 'int32'],
    name: [8, 'string'],
    rawData: [9, 'bytes'],
  },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensorType: [1, 'TensorTypeProto'] },
  TensorTypeProto: { elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, 'DimensionProto', 'many'] },
  DimensionProto: { dimValue: [1, 'int64'], dimParam: [2, 'string'] },
}

/** AttributeProto.AttributeType and TensorProto.DataType. */
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const
const DATA = { float32: 1, uint8: 2, int64: 7 } as const

/** ONNX's messages, for writing and reading. */
export const ModelProto = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(MESSAGES).map(([name, fields]) => [
      name,
      {
        fields: Object.fromEntries(
          Object.entries(fields).map(([field, [id, type, many]]) => [
            field,
            { id, type, ...(many && { rule: 'repeated' }) },
          ]),
        ),
      },
    ]),
  ),
}).lookupType('ModelProto')

/** A graph as a file of ONNX, with what is to be known of it. */
export function encodeOnnx(graph: Graph, metadata: Readonly<Record<string, string>>): Uint8Array {
  return ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: 'kickpush',
    producerVersion: KICKPUSH,
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'MiniLMM',
      node: graph.nodes.map(nodeOf),
      initializer: graph.constants.map(tensorOf),
      input: graph.inputs.map(portOf),
      output: graph.outputs.map(portOf),
    },
  }).finish()
}

function nodeOf({ op, inputs, output, attributes }: Node): object {
  const attribute = Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value }
    return 'float' in value
      ? { name, type: ATTRIBUTE.float, f: value.float }
      : { name, type: ATTRIBUTE.ints, ints: value }
  })
  return { input: inputs, output: [output], name: output, opType: op, attribute }
}

function tensorOf({ name, dims, data }: Constant): object {
  const { buffer, byteOffset, byteLength } = data
  const dataType = data instanceof Float32Array ? DATA.float32 : DATA.int64
  return { name, dims, dataType, rawData: new Uint8Array(buffer, byteOffset, byteLength) }
}

function portOf({ name, type, dims }: Port): object {
  const dim = dims.map((one) => (typeof one === 'number' ? { dimValue: one } : { dimParam: one }))
  return { name, type: { tensorType: { elemType: DATA[type], shape: { dim } } } }
}
