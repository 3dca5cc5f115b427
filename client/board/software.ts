/** Renderers of WebGL that are no graphics card. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** Whether WebGL is there, but only in software. */
export function inSoftware(): boolean {
  const probe = new OffscreenCanvas(1, 1).getContext('webgl2')
  // Firefox says it plainly and warns of the extension; the others say it there.
  const plain = String(probe?.getParameter(probe.RENDERER) ?? '')
  const more = plain.startsWith('WebKit') ? probe?.getExtension('WEBGL_debug_renderer_info') : null
  const name = more ? String(probe?.getParameter(more.UNMASKED_RENDERER_WEBGL)) : plain
  probe?.getExtension('WEBGL_lose_context')?.loseContext()
  return SOFTWARE.test(name)
}
