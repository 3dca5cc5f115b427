import { parquetWriteBuffer } from 'hyparquet-writer'
import type { FormattedRow, Picture } from '#agent/dataset/formats'

/** An element of a Parquet schema. */
interface Element {
  readonly name: string
  readonly type?: 'BYTE_ARRAY'
  readonly converted_type?: 'UTF8' | 'LIST'
  readonly repetition_type?: 'OPTIONAL' | 'REPEATED'
  readonly num_children?: number
}

/** The shape of a column: text, bytes, a list of one shape, or a record. */
type Shape = 'text' | 'bytes' | { readonly list: Shape } | { readonly [field: string]: Shape }

const PARTS: Shape = { list: { role: 'text', content: { list: { type: 'text', text: 'text' } } } }
const IMAGES: Shape = { list: { bytes: 'bytes', path: 'text' } }
const SHAPES: Readonly<Record<string, Shape>> = {
  prompt: PARTS,
  completion: PARTS,
  conversations: { list: { from: 'text', value: 'text' } },
  images: IMAGES,
}

/**
 * Rows as a Parquet file that Hugging Face's `datasets` opens with its pictures: they are inside of it.
 * @param pictures of each row.
 */
export function parquet(
  rows: readonly FormattedRow[],
  pictures: readonly (readonly Picture[])[],
): Uint8Array {
  const columns = Object.keys(rows[0] ?? {})
  const shapeOf = (name: string): Shape => SHAPES[name] ?? 'text'
  const schema = [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap((name) => elements(name, shapeOf(name))),
  ]
  const columnData = columns.map((name) => ({
    name,
    data:
      name === 'images'
        ? pictures.map((some) => some.map(({ path, png }) => ({ bytes: png, path })))
        : rows.map((row) => row[name]),
  }))
  const features = Object.fromEntries(columns.map((name) => [name, featureOf(name, shapeOf(name))]))
  const kvMetadata = [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }]
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, kvMetadata } as never))
}

function elements(name: string, shape: Shape): Element[] {
  if (shape === 'text')
    return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }]
  if (shape === 'bytes') return [{ name, type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' }]
  if (isList(shape)) {
    return [
      { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elements('element', shape.list),
    ]
  }
  const fields = Object.entries(shape)
  return [
    { name, repetition_type: 'OPTIONAL', num_children: fields.length },
    ...fields.flatMap(([field, own]) => elements(field, own)),
  ]
}

/** As `datasets` describes a column. */
function featureOf(name: string, shape: Shape): unknown {
  if (name === 'images') return { feature: { _type: 'Image' }, _type: 'List' }
  if (typeof shape === 'string') return { dtype: shape === 'text' ? 'string' : 'binary', _type: 'Value' }
  if (isList(shape)) return { feature: featureOf('', shape.list), _type: 'List' }
  return Object.fromEntries(Object.entries(shape).map(([field, own]) => [field, featureOf(field, own)]))
}

function isList(shape: Exclude<Shape, string>): shape is { readonly list: Shape } {
  return 'list' in shape
}
