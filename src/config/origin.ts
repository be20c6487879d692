/** The parts of an https URL; undefined if it is not one. Scheme and host are in lower case. */
export function parseHttps(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  return url.protocol === 'https:' ? url : undefined
}

/** Only scheme, host and port; a single trailing slash is tolerated. */
export const isOrigin = ({ pathname, search, hash, username, password, href }: URL): boolean =>
  pathname === '/' && search === '' && hash === '' && username === '' && password === '' && !/[?#]$/.test(href)

/** Scheme, host and port, without a trailing slash. */
export const originOf = (address: string): string => parseHttps(address)?.origin ?? address
