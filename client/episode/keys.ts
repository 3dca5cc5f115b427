import type { Binding } from '../ui/keys.ts'
import type { Player } from './player.ts'

/** The keys of everything that plays. `end` is the number of steps. */
export function playerKeys(player: Player, end: () => number): readonly Binding[] {
  return [
    { keys: [' '], label: 'Play or pause', run: () => player.toggle() },
    { keys: ['ArrowLeft'], label: 'One step back', run: () => player.step(-1) },
    { keys: ['ArrowRight'], label: 'One step on', run: () => player.step(1) },
    { keys: ['Shift+ArrowLeft'], label: 'Ten steps back', run: () => player.step(-10) },
    { keys: ['Shift+ArrowRight'], label: 'Ten steps on', run: () => player.step(10) },
    { keys: ['Home'], label: 'To the start', run: () => player.step(-Infinity) },
    { keys: ['End'], label: 'To the end', run: () => player.seek(end()) },
    { keys: ['['], label: 'Slower', run: () => player.shift(-1) },
    { keys: [']'], label: 'Faster', run: () => player.shift(1) },
    { keys: ['f', 'F'], label: 'Follow the newest step', run: () => player.toggleFollow() },
  ]
}
