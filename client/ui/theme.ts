import { Signal } from './signal.ts'

export type Theme = 'dark' | 'light'

const KEY = 'kickpush.theme'
const system = matchMedia('(prefers-color-scheme: light)')

/** The colours in force: the person's choice if there is one, else the system's. */
export const theme = new Signal<Theme>(chosen() ?? preferred())

system.addEventListener('change', () => {
  if (!chosen()) theme.value = preferred()
})
theme.watch((value) => {
  document.documentElement.dataset.theme = value
})

/** Changes between dark and light, and remembers it unless it is what the system says. */
export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  if (theme.value === preferred()) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme.value)
}

function preferred(): Theme {
  return system.matches ? 'light' : 'dark'
}

function chosen(): Theme | null {
  const value = localStorage.getItem(KEY)
  return value === 'dark' || value === 'light' ? value : null
}

/** The value of a custom property, for what is drawn on a canvas. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
