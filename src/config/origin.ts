/** The parts of an https address, or undefined where it is none. Letters of scheme and host come back small. */
export function parseHttps(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  return url.protocol === 'https:' ? url : undefined
}

/** Nothing but scheme, host and port; a single slash at the end is forgiven. */
export const isOrigin = ({ pathname, search, hash, username, password, href }: URL): boolean =>
  pathname === '/' && search === '' && hash === '' && username === '' && password === '' && !/[?#]$/.test(href)

/** Scheme, host and port, without a slash at the end. */
export const originOf = (address: string): string => parseHttps(address)?.origin ?? address
