/** A tool that a model wants called. */
export interface Call {
  readonly name: string
  /** Its arguments: JSON as the model wrote it, or already read. */
  readonly arguments: unknown
}

/** A call as models write it in words, so that a record of it can be read again. */
export function writeCall({ name, arguments: given }: Call): string {
  return `<tool_call>${JSON.stringify({ name, arguments: given })}</tool_call>`
}

/** What a model said, before anybody reads actions in it. */
export interface Reply {
  /** What it wrote as its answer. */
  readonly text: string
  /** Its thoughts, where they came apart from the text. */
  readonly reasoning?: string
  readonly calls?: readonly Call[]
  /** The prompt ended in `<think>`, so that the text begins inside the thought. */
  readonly opened?: boolean
  /** Why it stopped, where that was not because it was done. */
  readonly stopped?: 'cut off' | 'refused' | 'filtered'
}

/** Whether a prompt ends in `<think>`: what is written to it begins inside the thought. */
export function opensThought(prompt: string): boolean {
  return prompt.slice(-100).trimEnd().endsWith('<think>')
}

/** Tags that a model writes itself: an end token never has their names. */
const WORDS = /^<\/?(?:think|thinking|thoughts?|reason|reasoning|answer|actions?|final_answer|tool_call)>$/i
/** `<|im_end|>`, `<｜end▁of▁sentence｜>`, `<eos>`, `<end_of_turn>`, `</s>`, `[EOS]`. */
const TOKEN = /^(?:<[|｜][^<>]*>|<[^<>]*[|｜]>|<[a-z][a-z0-9_:]*>|<\/s>|\[\/?[A-Z_]+\])$/
const LONGEST_TOKEN = 80

/** A response without the special tokens and blanks at its end, of whatever model. Linear in its length. */
export function withoutEndTokens(text: string): string {
  for (let end = text.length; ; ) {
    while (end > 0 && text[end - 1].trim() === '') end--
    const open = text[end - 1] === '>' ? '<' : text[end - 1] === ']' ? '[' : undefined
    const window = open === undefined ? '' : text.slice(Math.max(0, end - LONGEST_TOKEN), end)
    const token = open === undefined ? '' : window.slice(window.lastIndexOf(open))
    if (!TOKEN.test(token) || WORDS.test(token)) return text.slice(0, end)
    end -= token.length
  }
}
