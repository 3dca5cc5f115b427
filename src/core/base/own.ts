/**
 * What a record holds under a name from outside; never what every object inherits (`constructor`, `__proto__`).
 * @returns undefined where there is no such name, or no record.
 */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}
