import { type Fields, textIn } from './json.ts'

/** A path template as an expression with a group for each parameter, and the names of those. */
export interface Template {
  readonly expression: RegExp
  readonly names: readonly string[]
  /** Literal characters: the more of them, the better the match. */
  readonly fixed: number
}

export interface TemplateOptions {
  /** Resource Manager takes no notice of case (https://learn.microsoft.com/azure/azure-resource-manager/management/overview#terminology). */
  readonly anyCase: boolean
  /** The last segment may be left out: the version of a certificate or a secret. */
  readonly versionless: boolean
}

/** `parameters` are those of the path; one that stands for several segments is marked in Swagger. */
export function template(path: string, parameters: readonly Fields[], { anyCase, versionless }: TemplateOptions): Template {
  const pieces = path.split(/\{([^}]+)\}/)
  const names = pieces.filter((_, at) => at % 2 === 1)
  const wide = new Set(parameters.filter((each) => each['x-ms-skip-url-encoding'] === true).map(({ name }) => textIn(name)))
  const source = pieces.map((piece, at) => {
    if (at % 2 === 0) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    if (wide.has(piece)) return '(.+)'
    return '([^/]+)'
  })
  const pattern =
    versionless && /-version\}$/.test(path) ? source.join('').replace(/\/\(\[\^\/\]\+\)$/, '(?:/([^/]*))?') : source.join('')
  const fixed = pieces.filter((_, at) => at % 2 === 0).join('').length
  return { expression: new RegExp(`^${pattern}$`, anyCase ? 'i' : ''), names, fixed }
}

/** The parameters of a path that fits. */
export function fitted({ expression, names }: Template, path: string): ReadonlyMap<string, string> | undefined {
  const match = expression.exec(path)
  return match === null ? undefined : new Map(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]))
}
