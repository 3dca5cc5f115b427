import { standIn } from './shell.ts'

standIn()
// Only now: what is imported looks for what was missing.
void import('./engine.ts').then(({ run }) => run())
