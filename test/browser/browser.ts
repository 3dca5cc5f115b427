import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

/** The system's Chromium, or the one CHROME names; null where there is none. */
export const CHROMIUM: string | null =
  [process.env.CHROME, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null

/** WebGL in software, no sandbox (containers), and nothing that talks to anyone. */
const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts Chromium. @throws Error where there is none. */
export async function launch(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('no Chromium: install one or name it in CHROME')
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
}

/** A page of `width` by `height` whose errors (console and uncaught) are gathered in `errors`. */
export async function openPage(
  browser: Browser,
  options: {
    readonly width?: number
    readonly height?: number
    readonly colorScheme?: 'dark' | 'light'
    readonly reducedMotion?: 'reduce' | 'no-preference'
    /** Lets the page keep itself for when there is no server. */
    readonly offline?: boolean
  } = {},
): Promise<{ page: Page; errors: string[] }> {
  const { width = 1280, height = 800, colorScheme = 'dark', reducedMotion = 'no-preference' } = options
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    reducedMotion,
    acceptDownloads: true,
    serviceWorkers: options.offline ? 'allow' : 'block',
  })
  page.setDefaultTimeout(120_000)
  const errors: string[] = []
  page.on('console', (message) => {
    const text = message.text()
    const blocked = text.startsWith('Service Worker registration blocked')
    if ((message.type() === 'error' || message.type() === 'warning') && !blocked) errors.push(text)
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, errors }
}
