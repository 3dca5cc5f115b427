import { UserError } from '#core/base/errors'
import { hashBytes } from '#core/base/hash'
import type { Policy, Request, Response } from '#core/play/policy'
import { parseAnswer } from '../dialogue/answer.ts'
import { bannedWords } from '../dialogue/legal.ts'
import { decodeModel } from '../model/checkpoint.ts'
import { encode } from '../model/encode.ts'
import type { MiniLMM } from '../model/minilmm.ts'
import { unreadableIn } from '../model/readable.ts'
import type { Generation, Slots, Trace } from '../model/types.ts'
import type { FindModel, Workplace } from '../workplace.ts'
import type { PolicyContext } from './create.ts'

/** How a small model is asked. */
export interface MiniOptions {
  readonly id: string
  /** 0 is greedy, 1 as trained. */
  readonly temperature?: number
  /** Most tokens of a response; all the model can unless given. */
  readonly maxTokens?: number
  /** Tell the probabilities of the actions that were answered; by episode, where only some are looked at. */
  readonly probabilities?: boolean | ((episode: string) => boolean)
  /** Its weights stay as they are: at temperature 0 what was read before is answered as before, without writing it again. */
  readonly frozen?: boolean
  /** Whether `dispose` frees the model too. */
  readonly ownsModel?: boolean
}

/** Responses written at once: enough to keep the kernels busy, few enough to keep the cache small. */
const BATCH = 512
/** Prompts whose answers a frozen model remembers: some megabytes. */
const REMEMBERED = 4096

/**
 * An agent that answers with a small model. Each response carries a `Trace` for a trainer; requests that read the
 * same share one prompt object, so that a model reads it once.
 */
export function mini(model: MiniLMM, options: MiniOptions): Policy {
  const { temperature = 0, maxTokens = model.shape.response, probabilities = true } = options
  const bannedBy = bannedWords(model.words)
  const answered = options.frozen && temperature === 0 ? new Map<string, Generation>() : undefined
  return {
    id: options.id,
    unreadable: (level, conversation) => unreadableIn(model, [conversation])(level),
    act: async (requests) => {
      const { prompts, keys } = encodeAll(model, requests)
      const banned = requests.map(bannedBy)
      const write = async (indices: readonly number[]): Promise<Generation[]> => {
        const generations: Generation[] = []
        for (let from = 0; from < indices.length; from += BATCH) {
          const part = indices.slice(from, from + BATCH)
          const written = await model.generate(
            part.map((i) => prompts[i]),
            {
              maxTokens,
              temperature,
              randoms: part.map((i) => requests[i].random),
              alternatives:
                typeof probabilities === 'boolean'
                  ? probabilities
                  : part.map((i) => probabilities(requests[i].episode)),
              banned: part.map((i) => banned[i]),
            },
          )
          for (const generation of written) generations.push(generation)
        }
        return generations
      }
      const generations = answered
        ? await once(keys, banned, answered, write)
        : await write([...requests.keys()])
      return requests.map((request, i) =>
        respond(model, request, { prompt: prompts[i], generation: generations[i], banned: banned[i] }),
      )
    },
    dispose: () => {
      if (options.ownsModel) model.dispose()
    },
  }
}

/**
 * The agent of `mini:<name>`, with the model that a host finds under that name.
 * @throws UserError when there is none, it is damaged, it never learnt the game's words, or the backend does not start.
 */
export async function loadMini(
  name: string,
  { env, temperature, backend = 'auto' }: PolicyContext,
  { model: find, chooseBackend }: { readonly model: FindModel } & Pick<Workplace, 'chooseBackend'>,
): Promise<Policy> {
  const { bytes, what } = await find(name)
  await chooseBackend(backend)
  const { model, about } = decodeModel(bytes, what)
  if (!model.vocabulary.includes(`<${env.id}>`)) {
    model.dispose()
    throw new UserError(`agent 'mini:${name}' has no words for ${env.id}`)
  }
  const policy = mini(model, { id: `mini:${name}`, temperature, ownsModel: true, frozen: true })
  return { ...policy, conversation: about.conversation, fingerprint: hashBytes(bytes) }
}

/** One prompt for requests that read the same, and what tells it from others. */
function encodeAll(model: MiniLMM, requests: readonly Request[]): { prompts: Slots[]; keys: string[] } {
  const known = new Map<string, Slots>()
  const keys: string[] = []
  const prompts = requests.map((request) => {
    const slots = encode(model.words, model.shape, request)
    const { words, layers, rows, columns, patches } = slots
    const key = [words, layers, rows, columns, patches].map(hashArray).join()
    keys.push(key)
    const same = known.get(key)
    if (same) return same
    known.set(key, slots)
    return slots
  })
  return { prompts, keys }
}

/**
 * The answers to prompts of which each is written once, or not at all where it was before. Which others are written with
 * one changes no bit of it.
 */
async function once(
  keys: readonly string[],
  banned: readonly (Int32Array | undefined)[],
  answered: Map<string, Generation>,
  write: (indices: readonly number[]) => Promise<Generation[]>,
): Promise<Generation[]> {
  const whole = keys.map((key, i) => `${key} ${banned[i] ?? ''}`)
  const asked = new Map<string, number>()
  for (const [i, key] of whole.entries()) if (!answered.has(key) && !asked.has(key)) asked.set(key, i)
  const written = await write([...asked.values()])
  const fresh = new Map([...asked.keys()].map((key, i) => [key, written[i]]))
  const generations = whole.map((key) => fresh.get(key) ?? answered.get(key)!)
  if (answered.size + fresh.size > REMEMBERED) answered.clear()
  for (const [key, generation] of fresh) answered.set(key, generation)
  return generations
}

function hashArray({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return hashBytes(new Uint8Array(buffer, byteOffset, byteLength))
}

function respond(model: MiniLMM, request: Request, trace: Trace): Response {
  const { generation } = trace
  const names = request.env.actions(request.state.config)
  const text = model.words.write(generation.tokens)
  const answer = parseAnswer(text, names, request.limit)
  const said = { text, thought: answer.thought, value: generation.values[0], trace }
  if (!answer.valid) return { valid: false, actions: [], reason: answer.reason, ...said }
  const probabilities = actionProbabilities(model, generation, names)?.slice(0, answer.actions.length)
  return { valid: true, actions: answer.actions, ...said, ...(probabilities ? { probabilities } : {}) }
}

/** One map per answered word that is an action's whole name: the actions the model weighed there. */
function actionProbabilities(
  model: MiniLMM,
  { tokens, alternatives }: Generation,
  names: readonly string[],
): Record<string, number>[] | undefined {
  if (!alternatives) return undefined
  const nameOf = new Map(names.map((name) => [name.toLowerCase(), name]))
  const first = tokens.indexOf(model.words.special('<answer>')) + 1
  const maps: Record<string, number>[] = []
  for (const [i, weighed] of alternatives.entries()) {
    if (!nameOf.has(model.vocabulary[tokens[first + i]]?.toLowerCase())) continue
    const map: Record<string, number> = {}
    for (const [word, probability] of Object.entries(weighed)) {
      const name = nameOf.get(word.toLowerCase())
      if (name) map[name] = (map[name] ?? 0) + probability
    }
    maps.push(map)
  }
  return maps
}
