import { NOT_INSTALLED } from '../../backend.ts'

/** What is used of a browser's WebGPU. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info?: { readonly isFallbackAdapter?: boolean } } | null>
}

/** Why WebGPU cannot compute here, if so. @param built its backend is part of the page. */
export async function whyNoWebgpu(built: boolean): Promise<string | undefined> {
  const { gpu } = navigator as { gpu?: Gpu }
  if (!gpu) return 'this browser has none'
  const adapter = await gpu.requestAdapter().catch(() => null)
  if (!adapter) return 'no graphics adapter'
  if (adapter.info?.isFallbackAdapter) return 'only a software adapter'
  return built ? undefined : `its backend is ${NOT_INSTALLED} in this page`
}
