import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import type { Request } from '#core/play/policy'
import { dialogue, type Part } from '../dialogue/dialogue.ts'
import type { OpenTask, Task } from './task.ts'

/** A row in the shape of lmm-r1's data sets, which OpenRLHF-style trainers read. */
export const Row = z.looseObject({
  message: z.string().describe('the chat that asks, as JSON'),
  question: z.string().describe('the words of the question'),
  answer: z.string().describe("the expert's actions"),
  env_path: z.string().describe('the task as JSON: what a reward server needs to score an answer'),
})
export type Row = z.infer<typeof Row>

/** The row of a task, which `request` asks. @param image address of the frame it shows, where it shows one. */
export function writeRow(
  { seed }: OpenTask,
  request: Request,
  answer: readonly number[],
  image?: string,
): Row {
  const { env, state, conversation, limit } = request
  const messages = dialogue(request)
  const names = env.actions(state.config)
  const { modality } = conversation
  const task: Task = { env: env.id, config: { ...state.config }, seed, actions: limit, modality }
  const chat = messages.map(({ role, content }) => ({ role, content: chatContent(content, image) }))
  return {
    message: JSON.stringify(chat),
    question: wordsOf(messages[messages.length - 1].content),
    answer: answer.map((action) => names[action]).join(', '),
    env_path: JSON.stringify(task),
  }
}

/** The rows of a JSONL file. @throws UserError naming the first line that is none. */
export function readRows(text: string, what: string): Row[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, i) => {
    const where = `${what}, line ${i + 1}`
    try {
      return parse(Row, JSON.parse(line), where)
    } catch (error) {
      if (error instanceof UserError) throw error
      throw new UserError(`${where}: not JSON`)
    }
  })
}

/** Addresses of the pictures in a text: a chat as JSON, or a prompt made of it. */
export function picturesIn(text: string): string[] {
  return text.match(/file:\/\/[^"'\\\s<>]+/g) ?? []
}

function chatContent(content: readonly Part[], image: string | undefined): unknown {
  if (content.every((part) => part.type === 'text')) return wordsOf(content)
  return content.map((part) => (part.type === 'text' ? part : { type: 'image', image }))
}

function wordsOf(content: readonly Part[]): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
}
