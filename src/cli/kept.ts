import { basename } from 'node:path'
import { z } from 'zod'
import { type EvaluateOptions, evaluate, type Result } from '#agent/evaluation/evaluate'
import { legible, UserError } from '#core/base/errors'
import { hashText } from '#core/base/hash'
import type { Io } from '#core/env/command'
import type { Env } from '#core/env/env'
import type { Level } from '#core/play/match'
import type { Policy } from '#core/play/policy'
import { EvaluationFolder, type Settings } from './evaluation.ts'
import { untilInterrupted } from './interrupt.ts'
import { UNASKED_BYTES, unaskedFolder } from './unasked.ts'

/** Flags of commands whose episodes can be kept. */
export const keptFlags = {
  out: z
    .string()
    .optional()
    .describe(
      'a run folder for every result and record; the viewer shows it. Where there is a folder runs: runs/<command>-<n>, of which the newest eight are kept (KICKPUSH_KEEP=0: none)',
    ),
  resume: z.boolean().default(false).describe('go on in that folder: what was answered is not asked again'),
}

/** Evaluates as `evaluate` does; where there is a folder, only what it holds no result of, and calls `onResult` for all. */
export type Evaluate = (part: string, options: EvaluateOptions, stage?: string) => Promise<Result[]>

export interface Keeping {
  /** The command, for its errors and for the folder. */
  readonly command: string
  readonly out: string | undefined
  readonly resume: boolean
  readonly env: Env
  /** Everything that results depend on: a folder of other settings is not gone on with. */
  readonly settings: Settings
  /** Aborted when a signal tells to stop: ends requests. */
  readonly stop: AbortController
}

/** @throws UserError for `--resume` without a folder. */
export function mustHaveOut(command: string, resume: boolean, out: string | undefined): void {
  if (resume && out === undefined)
    throw new UserError(`kickpush ${command}: --resume goes on in a folder: give --out`)
}

/**
 * What `work` comes to; the exit code when a signal came first. With a folder, whatever ends it, the same command goes on.
 * @throws UserError for a folder that holds something else.
 */
export async function keeping<T extends object>(
  { command, out: asked, resume, env, settings, stop }: Keeping,
  io: Io,
  work: (evaluate: Evaluate) => Promise<T>,
): Promise<T | number> {
  const { signal } = stop
  const envs = { [env.id]: [env.version, env.look] as [number, number] }
  const own = asked === undefined ? await unaskedFolder(command) : undefined
  const unasked =
    own === undefined
      ? undefined
      : await EvaluationFolder.open(own, command, settings, envs, false, UNASKED_BYTES).catch(() => undefined)
  const out = asked ?? (unasked && own)
  if (out === undefined) return work((_, options) => evaluate({ ...options, signal }))
  const folder = unasked ?? (await EvaluationFolder.open(out, command, settings, envs, resume))
  const evaluateKept = keptIn(folder, basename(out), signal)
  const over = new AbortController()
  const interrupted = untilInterrupted(over.signal)
  const played = work(evaluateKept)
  try {
    const done = await Promise.race([played, interrupted])
    if (typeof done === 'number') {
      stop.abort(new UserError('stopped'))
      await played.catch(() => {})
      await folder.close('stopped')
      const named = unasked ? `--out '${out}' --resume` : '--resume'
      io.note(`stopped; the same command with ${named} goes on in '${out}'`)
      return done
    }
    if (unasked) {
      // What nobody asked for costs nobody the result.
      const lost = await folder.close('done').then(
        () => undefined,
        (error: Error) => error.message,
      )
      io.note(lost ? `not kept: ${legible(lost, 150)}` : `kept: ${out}`)
    } else await folder.close('done')
    return done
  } catch (error) {
    const reason = error instanceof Error ? legible(error.message, 199) : 'failed'
    await folder.close('failed', reason).catch(() => {})
    throw error
  } finally {
    over.abort()
  }
}

function keptIn(folder: EvaluationFolder, run: string, signal: AbortSignal): Evaluate {
  // Each policy is wrapped once, so that seats that share one still do.
  const wrapped = new Map<Policy, Policy>()
  const remembering = (policy: Policy): Policy => {
    const known = wrapped.get(policy) ?? folder.remembering(policy)
    wrapped.set(policy, known)
    return known
  }
  return async (part, options, stage) => {
    const { levels, indices = levels.map((_, i) => i), opponent } = options
    const kept = indices.map((index) => folder.result(part, index))
    const left = [...indices.keys()].filter((i) => kept[i] === undefined)
    for (const result of kept) if (result) options.onResult?.(result)
    const fresh = await evaluate({
      ...options,
      ...{ name: part, run, signal, ...(stage !== undefined && { stage }) },
      levels: left.map((i) => levels[i]),
      indices: left.map((i) => indices[i]),
      policies: options.policies.map(remembering),
      opponent: opponent && remembering(opponent),
      onEvent: (event) => folder.event(part, Number(event.episode.slice(part.length + 1)), event),
      onResult: (result) => {
        folder.add(part, result)
        options.onResult?.(result)
      },
    })
    const results = kept.slice()
    for (const [i, result] of fresh.entries()) results[left[i]] = result
    return results as Result[]
  }
}

/** Stands for a list of levels among the settings. */
export function hashOfLevels(levels: readonly Level[]): string {
  return hashText(JSON.stringify(levels.map(({ config, seed }) => [config, seed])))
}
