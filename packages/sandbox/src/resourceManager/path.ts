/**
 * A path of Resource Manager with keywords in lower case, names as written, and single slashes.
 * Keywords and names alternate; after `providers` comes the namespace, then the first keyword.
 */
export function canonical(path: string): string {
  let keyword = true
  let namespace = false
  const segments = path.split('/').filter((segment) => segment !== '')
  const written = segments.map((segment) => {
    const lower = segment.toLowerCase()
    if (namespace) {
      namespace = false
      return lower
    }
    const fixed = keyword
    keyword = !keyword
    if (!fixed) return segment
    if (lower === 'providers') {
      namespace = true
      keyword = true
    }
    return lower
  })
  return `/${written.join('/')}`
}

/** The path of a URL as the client wrote it, with single slashes and without one at the end. */
export const plain = (path: string): string =>
  `/${path
    .split('/')
    .filter((segment) => segment !== '')
    .join('/')}`

export interface Scope {
  /** As it was written, without a slash at the end; empty for the tenant's root. */
  readonly path: string
  readonly subscriptionId: string | undefined
  readonly resourceGroup: string | undefined
  /** Name of the key vault at the scope or above it. */
  readonly vault: string | undefined
}

export function scopeOf(path: string): Scope {
  const match =
    /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+)(?:\/providers\/microsoft\.keyvault\/vaults\/([^/]+))?)?/i.exec(path)
  return { path, subscriptionId: match?.[1], resourceGroup: match?.[2], vault: match?.[3] }
}
