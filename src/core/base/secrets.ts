/** Longest address that is looked through. */
const ADDRESS = /https?:\/\/[^\s'"]{1,2000}/gi

/**
 * A text without what addresses in it may keep secret: names and passwords before `@`, and what follows `?` or `#`,
 * where keys travel.
 */
export function withoutSecrets(text: string): string {
  if (!/https?:\/\//i.test(text)) return text
  return text.replace(ADDRESS, (address) => {
    const scheme = address.indexOf('//') + 2
    const shown = address.slice(Math.max(scheme, address.lastIndexOf('@') + 1))
    return address.slice(0, scheme) + shown.replace(/[?#].*/s, '')
  })
}
