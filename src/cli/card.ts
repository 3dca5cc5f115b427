import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { KICKPUSH } from '#core/base/version'
import type { Env } from '#core/env/env'
import { writeAside } from './io.ts'

const Part = z.object({
  split: z.string(),
  rows: z.int(),
  leftOut: z.int(),
  format: z.string(),
  parquet: z.boolean(),
  modality: z.string(),
  turns: z.boolean(),
  actions: z.int(),
  config: z.string(),
  seed: z.string(),
  levels: z.array(z.string()),
})
/** One split of a data set, and what it was made with. */
export type Part = z.infer<typeof Part>
const Facts = z.object({
  env: z.string(),
  version: z.int(),
  look: z.int(),
  kickpush: z.string(),
  parts: z.array(Part),
})

/**
 * Writes a data set's card (README.md, as Hugging Face reads it) and its facts (dataset.json) anew, with this part in
 * the place of an older one of its split.
 */
export async function writeCard(folder: string, env: Env, part: Part): Promise<void> {
  const path = resolve(folder, 'dataset.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  const old = text === undefined ? undefined : Facts.safeParse(parseOrNull(text)).data
  const kept = old?.env === env.id ? old.parts.filter(({ split }) => split !== part.split) : []
  const parts = [...kept, Part.parse(part)]
  const facts = { env: env.id, version: env.version, look: env.look, kickpush: KICKPUSH, parts }
  await writeAside(path, `${JSON.stringify(facts, null, 2)}\n`)
  await writeAside(resolve(folder, 'README.md'), card(env, parts))
}

function card(env: Env, parts: readonly Part[]): string {
  const file = ({ split, parquet }: Part): string => `${split}.${parquet ? 'parquet' : 'jsonl'}`
  // Hugging Face's name of the middle split is another one.
  const name = (split: string): string => (split === 'valid' ? 'validation' : split)
  const files = parts.map((part) => `      - split: ${name(part.split)}\n        path: ${file(part)}`)
  const rows = parts.map((part) => {
    const made =
      part.levels.length > 0 ? part.levels.join(' ') : `${part.config || 'defaults'}, seed ${part.seed}`
    const chat = part.turns
      ? `turns of up to ${part.actions} actions`
      : `one answer of up to ${part.actions} actions`
    return `| ${part.split} | ${part.rows} | ${part.leftOut} | ${part.format} | ${part.modality} | ${chat} | ${made} |`
  })
  return `---
configs:
  - config_name: default
    data_files:
${files.join('\n')}
task_categories:
  - image-text-to-text
tags:
  - games
  - ${env.id}
---

# ${env.title}

Levels of ${env.id} (version ${env.version}, look ${env.look}) as chats with the answers of its expert, written by Kickpush ${KICKPUSH}. Every answer succeeds: levels whose answer does not are left out. Train, valid and test share no level, by the hash of its canonical form.

| split | rows | left out | format | shows | chat | levels |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
