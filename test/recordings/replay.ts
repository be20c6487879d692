import type { Answer } from '../../packages/sandbox/test/support/sandbox.ts'
import { differences } from './compare.ts'
import type { Example } from './examples.ts'
import { fields } from './specs.ts'

export interface Filled {
  /** Path and query. */
  readonly path: string
  readonly body: object | undefined
}

/** The request of an example, its parameters in place. */
export function request(example: Example, parameters: Readonly<Record<string, unknown>>, body: unknown): Filled {
  const path = example.template.replace(/\{([^}]+)\}/g, (_all, name) => String(parameters[name] ?? ''))
  // A page of another vault's list leads nowhere here; the other options are in the examples though not in each description.
  const options = Object.keys(parameters).filter((name) => /^\$(?!skiptoken)/.test(name))
  const query = [...new Set(['api-version', ...example.query, ...options])].filter((name) => parameters[name] !== undefined)
  const search = query.map((name) => `${name}=${encodeURIComponent(String(parameters[name]))}`).join('&')
  return { path: `${path}?${search}`, body: typeof body === 'object' && body !== null ? body : undefined }
}

/** How the answer differs from what the example shows for its status, or that no example has that status. */
export function judged({ responses }: Example, { status, text, json }: Answer): readonly string[] {
  if (!responses.has(status)) return [`status: ${[...responses.keys()].join(' or ')}, here ${status} ${codeIn(json) || text}`]
  const body = responses.get(status)
  if (body === null) return text === '' ? [] : ['.: no body, here one']
  return differences(body, text === '' ? null : json)
}

const codeIn = (body: unknown): string => String(fields(fields(body).error).code ?? '')
