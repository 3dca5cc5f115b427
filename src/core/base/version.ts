/** The release that writes a record; package.json says the same. */
export const KICKPUSH = '0.1.0'
