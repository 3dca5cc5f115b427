import type { Message } from '../dialogue/dialogue.ts'

/**
 * How rows are written: as lmm-r1's data sets; as OpenAI's fine-tuning files; as TRL's prompts and completions; as
 * ShareGPT's conversations, which LLaMA-Factory and others read.
 */
export const FORMATS = ['lmm-r1', 'openai', 'trl', 'sharegpt'] as const
export type Format = (typeof FORMATS)[number]

/** A chat that an expert answered: the questions, and what it wrote last. Earlier answers stand among the messages. */
export interface Sample {
  readonly messages: readonly Message[]
  readonly answer: string
  /** Its pictures in order, one for each frame in the messages. */
  readonly pictures: readonly Picture[]
  /** The task as JSON, where it is one answer: what a reward server needs. */
  readonly task?: string
}

export interface Picture {
  /** Where it lies, from the data set's folder. */
  readonly path: string
  readonly png: Uint8Array
}

/** A row: texts, and lists of records. */
export type FormattedRow = Readonly<Record<string, unknown>>

/** OpenAI's: `messages`, pictures as data addresses. @param base64 of a picture's bytes. */
export function openAiRow(sample: Sample, base64: (bytes: Uint8Array) => string): FormattedRow {
  const pictures = [...sample.pictures]
  const content = ({ content }: Message): unknown =>
    plain(content) ??
    content.map((part) =>
      part.type === 'text'
        ? part
        : { type: 'image_url', image_url: { url: `data:image/png;base64,${base64(pictures.shift()!.png)}` } },
    )
  const asked = sample.messages.map((message) => ({ role: message.role, content: content(message) }))
  return { messages: [...asked, { role: 'assistant', content: sample.answer }] }
}

/** TRL's: `prompt` and `completion` as chats, `images` in the order of their places. */
export function trlRow({ messages, answer, pictures, task }: Sample): FormattedRow {
  const words = (text: string) => [{ type: 'text', text }]
  const prompt = messages.map(({ role, content }) => ({
    role,
    content: content.map((part) => (part.type === 'text' ? part : { type: 'image', text: null })),
  }))
  return {
    prompt,
    completion: [{ role: 'assistant', content: words(answer) }],
    images: pictures.map(({ path }) => ({ path })),
    ...(task !== undefined && { env_path: task }),
  }
}

const SPEAKERS = { system: 'system', user: 'human', assistant: 'gpt' } as const

/** ShareGPT's: `conversations` with `<image>` where a picture stands, and `images`. */
export function shareGptRow({ messages, answer, pictures, task }: Sample): FormattedRow {
  const value = ({ content }: Message): string =>
    content.map((part) => (part.type === 'text' ? part.text : '<image>')).join('\n\n')
  return {
    conversations: [
      ...messages.map((message) => ({ from: SPEAKERS[message.role], value: value(message) })),
      { from: 'gpt', value: answer },
    ],
    images: pictures.map(({ path }) => ({ path })),
    ...(task !== undefined && { env_path: task }),
  }
}

function plain(content: Message['content']): string | undefined {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return texts.length === content.length ? texts.join('\n\n') : undefined
}
