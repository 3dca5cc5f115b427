import type { Document } from '#core/env/document'
import { readTextFile } from './text.ts'
import { parseDocument } from './xml.ts'

/**
 * A file that somebody named: its text, or its root element where it is XML.
 * @throws UserError naming the file and why it cannot be read.
 */
export async function readDocument(path: string): Promise<Document> {
  return parseDocument(await readTextFile(path), path)
}
