import { readdir, readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { LAB_POLICY } from './access.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.safetensors': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
}

/** The Lab, and what may be a worker of it. */
const OF_LAB = /^\/(tab\.html|assets\/.*\.js)$/

interface Page {
  readonly type: string
  readonly bytes: Buffer
  readonly zipped: Buffer | null
  /** Its name holds its hash (Vite's assets folder), so that it never changes. */
  readonly fixed: boolean
}

/**
 * The built viewer, read into memory: a request can only name what is in it, so that no path leads out of the
 * folder. Read again when it was built again.
 */
export class Pages {
  private readonly folder: string
  private pages = new Map<string, Page>()
  private built = -1

  constructor(folder: string) {
    this.folder = folder
  }

  /** Answers with the page of this path; a path without an extension is a view of the viewer itself. */
  async send(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> {
    await this.refresh()
    const name = path.posix.extname(pathname) === '' ? '/index.html' : pathname
    const page = this.pages.get(name)
    if (!page) {
      if (name !== '/index.html') return false
      response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8' })
      response.end('The viewer is not built here: run "npm run build". The API answers at /api/health.\n')
      return true
    }
    const zip = page.zipped && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    const bytes = zip ? (page.zipped as Buffer) : page.bytes
    response.writeHead(200, {
      'Content-Type': page.type,
      'Content-Length': bytes.length,
      'Cache-Control': page.fixed ? 'public, max-age=31536000, immutable' : 'no-cache',
      Vary: 'Accept-Encoding',
      ...(OF_LAB.test(name) ? { 'Content-Security-Policy': LAB_POLICY } : {}),
      ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
    return true
  }

  private async refresh(): Promise<void> {
    const found = await stat(path.join(this.folder, 'index.html')).catch(() => null)
    if (!found || found.mtimeMs === this.built) return
    const pages = new Map<string, Page>()
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      const type = TYPES[path.extname(entry.name)]
      if (!entry.isFile() || type === undefined) continue
      const file = path.join(entry.parentPath, entry.name)
      const name = `/${path.relative(this.folder, file).split(path.sep).join('/')}`
      const bytes = await readFile(file)
      const zipped = /^image\/png|woff2/.test(type) ? null : await promisify(gzip)(bytes)
      pages.set(name, { type, bytes, zipped, fixed: name.startsWith('/assets/') })
    }
    this.pages = pages
    this.built = found.mtimeMs
  }
}
