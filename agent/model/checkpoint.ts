import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { parse } from '#core/config'
import { UserError } from '#core/errors'
import { Conversation } from '#core/policy'
import { makeFolder } from '#stores/folder'
import { MiniLMM } from './minilmm.ts'
import { decodeSafetensors, encodeSafetensors, type Tensors } from './safetensors.ts'
import { Shape } from './shape.ts'

/** Name of a model's file in a checkpoint's folder. */
export const MODEL_FILE = 'model.safetensors'

/** What a checkpoint says of itself: everything needed to use it, and what its model has seen. */
export const About = z.looseObject({
  format: z.literal(1),
  shape: Shape,
  vocabulary: z.array(z.string()),
  /** Environment id -> [version, look] it was trained on. */
  envs: z.record(z.string(), z.tuple([z.int(), z.int()])).default({}),
  /** How it was last taught to talk. */
  conversation: Conversation.optional(),
  /** In words: how it was trained, on what and how much. */
  seen: z.string().default(''),
})
export type About = z.infer<typeof About>

/** What a trainer tells about a model it saves. */
export type Provenance = Pick<About, 'envs' | 'conversation' | 'seen'>

/** A model with what its checkpoint says of it. */
export interface Loaded {
  readonly model: MiniLMM
  readonly about: About
}

/** Writes a model's weights, shape and vocabulary into one file. */
export async function saveModel(file: string, model: MiniLMM, provenance: Provenance): Promise<void> {
  const about: About = { format: 1, shape: model.shape, vocabulary: [...model.vocabulary], ...provenance }
  saveTensors(file, { weights: await model.read(), metadata: { kickpush: JSON.stringify(about) } })
}

/**
 * The model of a file, on the current backend.
 * @throws UserError when the file is missing, damaged, or not a model.
 */
export function loadModel(file: string): Loaded {
  const { weights, metadata } = loadTensors(file)
  const about = parse(About, aboutIn(metadata, file), `checkpoint ${file}`)
  return { model: new MiniLMM(about.shape, about.vocabulary, weights), about }
}

function aboutIn(metadata: Readonly<Record<string, string>>, file: string): unknown {
  try {
    return JSON.parse(metadata.kickpush)
  } catch {
    throw new UserError(
      `${file} does not describe a Kickpush model (its metadata has no readable 'kickpush')`,
    )
  }
}

/** Writes weights in the safetensors format under a temporary name, then renames: a file is whole or not there. */
export function saveTensors(file: string, tensors: Tensors): void {
  makeFolder(dirname(file))
  const aside = `${file}.part`
  writeFileSync(aside, encodeSafetensors(tensors))
  renameSync(aside, file)
}

/** @throws UserError when the file is missing or damaged. */
export function loadTensors(file: string): Tensors {
  if (!existsSync(file)) throw new UserError(`there is no checkpoint ${file}`)
  return decodeSafetensors(readFileSync(file), file)
}

/**
 * The model file that a name stands for: a file, a checkpoint's folder, a run's folder (its newest checkpoint), or a
 * model shipped under that name.
 * @throws UserError with the shipped names.
 */
export function findModel(name: string): string {
  if (existsSync(name)) {
    if (statSync(name).isFile()) return name
    const folder = existsSync(join(name, 'checkpoints')) ? newest(join(name, 'checkpoints')) : name
    const file = join(folder, MODEL_FILE)
    if (existsSync(file)) return file
    throw new UserError(`there is no ${MODEL_FILE} in ${folder}`)
  }
  const file = join(shipped(), `${name}.safetensors`)
  if (existsSync(file)) return file
  const names = shippedNames()
  throw new UserError(
    `no file, folder or shipped model '${name}' (shipped: ${names.length > 0 ? names.join(', ') : 'none'})`,
  )
}

/** Names of the models that come with the package. */
export function shippedNames(): string[] {
  if (!existsSync(shipped())) return []
  return readdirSync(shipped())
    .filter((name) => name.endsWith('.safetensors'))
    .map((name) => name.slice(0, -'.safetensors'.length))
    .sort()
}

/** The checkpoint folder with the highest update number. */
function newest(folder: string): string {
  const updates = readdirSync(folder).filter((name) => /^\d+$/.test(name))
  if (updates.length === 0) throw new UserError(`there is no checkpoint in ${folder}`)
  return join(
    folder,
    updates.reduce((a, b) => (Number(a) >= Number(b) ? a : b)),
  )
}

/** The package's folder `models`, from the source as from the build. */
function shipped(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) return 'models'
    folder = dirname(folder)
  }
  return join(folder, 'models')
}
