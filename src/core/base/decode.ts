/** Bytes of the start of a file that tell its encoding. */
const HEAD = 256

/**
 * The text of a file: UTF-8, UTF-16 (with a byte order mark or told by its zero bytes), or what an XML declaration
 * names. Old files that are none of these are read as Windows-1252, in which every byte is a character.
 */
export function decodeText(bytes: Uint8Array): string {
  const label = encodingOf(bytes)
  if (label !== null) return new TextDecoder(label).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The encoding that a file says it has; null when it says nothing (or nothing that is known). */
function encodingOf(bytes: Uint8Array): string | null {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (bytes.length > 3 && a !== 0 && b === 0 && bytes[2] !== 0 && bytes[3] === 0) return 'utf-16le'
  if (bytes.length > 3 && a === 0 && b !== 0 && bytes[2] === 0 && bytes[3] !== 0) return 'utf-16be'
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, HEAD))
  const declared = /^<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1]
  if (declared === undefined || /^utf-?(8|16)/i.test(declared)) return null
  try {
    return new TextDecoder(declared).encoding
  } catch {
    return null
  }
}
