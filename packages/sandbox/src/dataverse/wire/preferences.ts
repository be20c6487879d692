/** What the `Prefer` header asks for: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#prefer-headers */
export interface Preferences {
  readonly representation: boolean
  readonly pageSize: number | undefined
  readonly continueOnError: boolean
  /** Should the answer include this annotation? */
  annotation(name: string): boolean
  /** The value of `Preference-Applied`. */
  readonly applied: string | undefined
}

export function preferences(headers: Headers): Preferences {
  const prefer = headers.get('prefer') ?? ''
  const representation = /\breturn=representation\b/i.test(prefer)
  const size = Number(/odata\.maxpagesize=(\d+)/i.exec(prefer)?.[1] ?? 0)
  const pageSize = size > 0 ? Math.min(size, 5000) : undefined
  const included = annotationNames(prefer)
  const applied = [
    ...(representation ? ['return=representation'] : []),
    ...(pageSize === undefined ? [] : [`odata.maxpagesize=${pageSize}`]),
    ...(included.length === 0 ? [] : [`odata.include-annotations="${included.join(',')}"`]),
  ]
  return {
    representation,
    pageSize,
    continueOnError: /odata\.continue-on-error/i.test(prefer),
    annotation: (name) => included.some((pattern) => covers(pattern, name)),
    applied: applied.length === 0 ? undefined : applied.join(','),
  }
}

function annotationNames(prefer: string): readonly string[] {
  const [, quoted, plain] = /odata\.include-annotations=(?:"([^"]*)"|([^\s,;]+))/i.exec(prefer) ?? []
  return (quoted ?? plain ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

const covers = (pattern: string, name: string): boolean =>
  pattern === '*' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)))
