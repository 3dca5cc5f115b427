import msgpack from 'socket.io-msgpack-parser'

/**
 * Throws unless `bytes` hold one msgpack value all of whose parts are there. The decoder allocates an array as
 * long as its header claims before it reads on, so that a few bytes could claim all memory: here every part that
 * is promised must have at least a byte left.
 */
export function checkMsgpack(bytes: Uint8Array): void {
  let at = 0
  const number = (width: number): number => {
    let value = 0
    for (let i = 0; i < width; i++) value = value * 256 + (bytes[at++] ?? 0)
    return value
  }
  for (let pending = 1; pending > 0; ) {
    if (pending > bytes.length - at) throw new Error('msgpack: parts are missing')
    const type = bytes[at++]
    pending--
    let skip = 0
    if (type < 0x80 || type >= 0xe0 || type === 0xc0 || type === 0xc2 || type === 0xc3) continue
    if (type < 0x90) pending += 2 * (type & 15)
    else if (type < 0xa0) pending += type & 15
    else if (type < 0xc0) skip = type & 31
    else if (type >= 0xc4 && type <= 0xc6) skip = number(1 << (type - 0xc4))
    else if (type >= 0xc7 && type <= 0xc9) skip = number(1 << (type - 0xc7)) + 1
    else if (type === 0xca || type === 0xcb) skip = type === 0xca ? 4 : 8
    else if (type >= 0xcc && type <= 0xd3) skip = 1 << (type & 3)
    else if (type >= 0xd4 && type <= 0xd8) skip = (1 << (type - 0xd4)) + 1
    else if (type >= 0xd9 && type <= 0xdb) skip = number(1 << (type - 0xd9))
    else if (type === 0xdc || type === 0xdd) pending += number(type === 0xdc ? 2 : 4)
    else if (type === 0xde || type === 0xdf) pending += 2 * number(type === 0xde ? 2 : 4)
    else throw new Error('msgpack: unknown type')
    at += skip
  }
  if (at !== bytes.length) throw new Error('msgpack: not one whole value')
}

class Decoder extends msgpack.Decoder {
  override add(bytes: unknown): void {
    if (!(bytes instanceof Uint8Array)) throw new Error('packets are binary')
    checkMsgpack(bytes)
    super.add(bytes)
  }
}

/** socket.io's msgpack parser, safe against packets that claim more than they hold. */
export const parser = { Encoder: msgpack.Encoder, Decoder }
