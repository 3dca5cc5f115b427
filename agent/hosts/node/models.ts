import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '#core/base/errors'
import { most } from '#core/base/lists'
import { decodeModel, type Loaded, MODEL_FILE } from '../../model/checkpoint.ts'
import type { ModelBytes } from '../../trainer/jobs.ts'

/**
 * The model of a file, on the current backend.
 * @throws UserError when the file is missing, damaged, or not a model.
 */
export function loadModel(file: string): Loaded {
  return decodeModel(readModel(file), file)
}

/** The model that a name stands for (`findModel`). @throws UserError when there is none. */
export async function modelNamed(name: string): Promise<ModelBytes> {
  const file = findModel(name)
  return { bytes: readModel(file), what: file }
}

/** @throws UserError when the file cannot be read. */
export function readModel(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch {
    throw new UserError(`there is no checkpoint ${file}`)
  }
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

/** The checkpoint folder with the highest update number; one that is being written has no mark yet. */
function newest(folder: string): string {
  const updates = readdirSync(folder)
    .filter((name) => /^\d+$/.test(name) && existsSync(join(folder, name, 'progress.json')))
    .map(Number)
  if (updates.length === 0) throw new UserError(`there is no checkpoint in ${folder}`)
  return join(folder, String(most(updates)))
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
