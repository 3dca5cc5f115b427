declare module 'gifenc' {
  type Palette = number[][]
  interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; delay: number },
    ): void
    finish(): void
    bytes(): Uint8Array
  }
  const gifenc: {
    GIFEncoder(): Encoder
    quantize(rgba: Uint8ClampedArray, colours: number): Palette
    applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array
  }
  export default gifenc
}
