import type { Painter } from '../board/painter.ts'
import { plainPainter } from '../board/plain.ts'

/** Stands in the place of board/choose.ts: a page of its own is small, and draws as agents' frames are drawn. */
export async function createPainter(): Promise<Painter> {
  return plainPainter()
}
