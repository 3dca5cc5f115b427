import type { Message, Part } from './dialogue.ts'
import { png } from './png.ts'

/** A message as OpenAI's chat API has it; frames travel as PNG data URLs. */
export function openAiMessage({ role, content }: Message): object {
  if (content.some((part) => part.type === 'frame')) return { role, content: content.map(partOf) }
  return { role, content: content.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n') }
}

function partOf(part: Part): object {
  if (part.type === 'text') return part
  const url = `data:image/png;base64,${Buffer.from(png(part.frame)).toString('base64')}`
  return { type: 'image_url', image_url: { url } }
}
