import { preferenceOf } from '../../honoured.ts'

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

export function preferences(request: Request): Preferences {
  const of = (name: string): string | undefined => preferenceOf(request, name)
  const representation = of('return')?.toLowerCase() === 'representation'
  const size = Number(of('odata.maxpagesize') ?? 0)
  const pageSize = size > 0 ? Math.min(size, 5000) : undefined
  const included = (of('odata.include-annotations') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const applied = [
    ...(representation ? ['return=representation'] : []),
    ...(pageSize === undefined ? [] : [`odata.maxpagesize=${pageSize}`]),
    ...(included.length === 0 ? [] : [`odata.include-annotations="${included.join(',')}"`]),
  ]
  return {
    representation,
    pageSize,
    continueOnError: of('odata.continue-on-error') !== undefined,
    annotation: (name) => included.some((pattern) => covers(pattern, name)),
    applied: applied.length === 0 ? undefined : applied.join(','),
  }
}

const covers = (pattern: string, name: string): boolean =>
  pattern === '*' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)))
