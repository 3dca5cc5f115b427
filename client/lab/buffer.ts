const utf8 = new TextDecoder()
const latin1 = new TextDecoder('latin1')

/** What the server's readers use of Node's class: bytes that are read as texts. */
class Bytes extends Uint8Array {
  static override from(data: unknown, ...where: unknown[]): Bytes {
    if (typeof data === 'string') return new Bytes(new TextEncoder().encode(data))
    if (data instanceof ArrayBuffer) return new Bytes(data, ...(where as [number, number]))
    return new Bytes(data as Uint8Array)
  }

  static alloc(size: number): Bytes {
    return new Bytes(size)
  }

  static concat(parts: readonly Uint8Array[]): Bytes {
    const all = new Bytes(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }

  override toString(encoding = 'utf8', from = 0, to = this.length): string {
    return (encoding === 'latin1' ? latin1 : utf8).decode(super.subarray(from, to))
  }

  override includes(wanted: number | string): boolean {
    return typeof wanted === 'number' ? super.includes(wanted) : this.toString().includes(wanted)
  }

  override lastIndexOf(wanted: number | Uint8Array): number {
    return super.lastIndexOf(typeof wanted === 'number' ? wanted : wanted[0])
  }
}

/** Puts it where the server's modules look for it, before they are loaded. */
export function install(): void {
  Object.assign(globalThis, { Buffer: Bytes })
}
