import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  WebMOutputFormat,
} from 'mediabunny'
import type { Film } from '../episode/film.ts'
import { type Cut, createReel, picturesOf } from './reel.ts'

/** Seconds between two pictures that stand for themselves, from which one can seek. */
const KEYS = 2

/**
 * A cut as a video, encoded by the browser (WebCodecs).
 * @param progress is told the part done.
 * @throws Error in a line for people where the browser cannot encode it; the signal's reason when it is stopped.
 */
export async function videoOf(
  film: Film,
  cut: Cut,
  kind: 'mp4' | 'webm',
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  if (!('VideoEncoder' in globalThis))
    throw new Error('This browser encodes no video (it has no WebCodecs). A GIF can be made.')
  const format = kind === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat()
  const reel = createReel(film, cut)
  const { width, height } = reel.canvas
  const codec = await getFirstEncodableVideoCodec(format.getSupportedVideoCodecs(), { width, height })
  if (!codec) throw new Error(`This browser cannot encode ${kind} at ${width} x ${height}.`)
  const output = new Output({ format, target: new BufferTarget() })
  const source = new CanvasSource(reel.canvas, { codec, bitrate: QUALITY_HIGH, keyFrameInterval: KEYS })
  output.addVideoTrack(source, { frameRate: cut.rate })
  try {
    await output.start()
    const pictures = picturesOf(cut, film.pace)
    for (let i = 0; i < pictures; i++) {
      signal.throwIfAborted()
      reel.draw(i)
      await source.add(i / cut.rate, 1 / cut.rate)
      progress((i + 1) / pictures)
      // The screen and whoever wants to stop it come in between.
      if (i % 4 === 0) await new Promise((resolve) => setTimeout(resolve))
    }
    await output.finalize()
  } catch (error) {
    await output.cancel().catch(() => {})
    throw error
  }
  return new Blob([output.target.buffer ?? new ArrayBuffer(0)], { type: `video/${kind}` })
}
