/** Text compressed (deflate-raw) as base64 for addresses. */
export async function packText(text: string): Promise<string> {
  return base64(await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw')))
}

/** @throws Error when it is damaged. */
export async function unpackText(packed: string): Promise<string> {
  return new TextDecoder().decode(await unpack(packed))
}

/** Bytes compressed (deflate-raw) as base64 for addresses. */
export async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return base64(await through(bytes, new CompressionStream('deflate-raw')))
}

/** @throws Error when it is damaged. */
export async function unpack(packed: string): Promise<Uint8Array<ArrayBuffer>> {
  return through(bytesOf(packed), new DecompressionStream('deflate-raw'))
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream) {
  const out = new Blob([bytes]).stream().pipeThrough(stream)
  return new Uint8Array(await new Response(out).arrayBuffer())
}

function base64(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
    letter.charCodeAt(0),
  )
}
