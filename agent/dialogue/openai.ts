import type { Frame } from '#core/draw/scene'
import { base64 } from './base64.ts'
import type { Message, Part } from './dialogue.ts'

/** Writes a frame as a PNG file. */
export type WritePng = (frame: Frame) => Uint8Array

/** A message as OpenAI's chat API has it; frames travel as PNG data URLs. */
export function openAiMessage({ role, content }: Message, png: WritePng): object {
  if (content.some((part) => part.type === 'frame')) {
    return { role, content: content.map((part) => partOf(part, png)) }
  }
  return { role, content: content.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n') }
}

function partOf(part: Part, png: WritePng): object {
  if (part.type === 'text') return part
  return { type: 'image_url', image_url: { url: `data:image/png;base64,${base64(png(part.frame))}` } }
}
