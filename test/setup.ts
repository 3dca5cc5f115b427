import { configureGlobal } from 'fast-check'

/**
 * Properties are tried with the same values every time, so that a commit that passed here passes elsewhere. Other values:
 * `PROPERTY_SEED=7 npx vitest run`, or `PROPERTY_SEED=$RANDOM` for a new look.
 */
configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) })

/** What tests play is kept only where they name a folder, whatever this clone holds. */
process.env.KICKPUSH_KEEP ??= '0'
