import { h } from '../ui/dom.ts'

/** What this page uses of what the browser gives it. */
export async function roomLeft(): Promise<string> {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {}
  return quota > 0 ? `${megabytes(usage)} of ${megabytes(quota)} used` : ''
}

export const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`

/** Keeps the screen on while it learns, where that is wished: a phone that sleeps learns nothing. */
export function keepAwake(): { readonly element: HTMLElement | null; hold(learning: boolean): void } {
  if (!('wakeLock' in navigator)) return { element: null, hold: () => {} }
  let lock: Promise<WakeLockSentinel | null> | null = null
  let learning = false
  const follow = () => {
    const wanted = learning && wish.checked
    if (wanted && !lock) lock = navigator.wakeLock.request('screen').catch(() => null)
    if (!wanted && lock) {
      void lock.then((held) => held?.release())
      lock = null
    }
  }
  const wish = h('input', { type: 'checkbox', onchange: follow })
  return {
    element: h(
      'label',
      { class: 'row small', title: 'A screen that sleeps stops the training' },
      wish,
      'Stay awake',
    ),
    hold: (now) => {
      learning = now
      follow()
    },
  }
}
