import { dirname, join } from 'node:path'
import { fields, isJson, items, readSpec, text } from './specs.ts'

/** An example of an operation, as the description of the API refers to it. */
export interface Example {
  /** `GetCertificate`, with the file where an operation has several. */
  readonly name: string
  readonly operation: string
  readonly method: string
  /** With its parameters in braces. */
  readonly template: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly query: readonly string[]
  /** Name of the parameter that is the body. */
  readonly body: string | undefined
  /** Bodies by status; null where the example shows none. */
  readonly responses: ReadonlyMap<number, unknown>
}

/** Every example that a description refers to. Its parameters may be references, of which the last part is the name. */
export function examplesOf(file: string): readonly Example[] {
  return Object.entries(fields(readSpec(file).paths)).flatMap(([template, methods]) =>
    Object.entries(fields(methods)).flatMap(([method, operation]) =>
      isJson(operation) ? ofOperation(file, template, method, operation) : [],
    ),
  )
}

function ofOperation(
  file: string,
  template: string,
  method: string,
  operation: Readonly<Record<string, unknown>>,
): readonly Example[] {
  const references = Object.values(fields(operation['x-ms-examples'])).map((one) => text(fields(one).$ref))
  const declared = items(operation.parameters).map(fields)
  const named = (where: string): string[] => declared.filter((one) => one.in === where).map((one) => text(one.name))
  return references.map((reference) => {
    const example = readSpec(join(dirname(file), reference))
    const id = text(operation.operationId)
    return {
      name: references.length > 1 ? `${id} (${reference.replace(/^.*\/|\.json$/g, '')})` : id,
      operation: id,
      method: method.toUpperCase(),
      template,
      parameters: fields(example.parameters),
      query: named('query'),
      body: named('body')[0],
      responses: new Map(
        Object.entries(fields(example.responses)).map(([status, one]) => [Number(status), fields(one).body ?? null]),
      ),
    }
  })
}

/** The operation of a request, by the templates in the examples; the one with the fewest parameters that fits. */
export function operationOf(examples: readonly Example[], method: string, path: string): string {
  const fits = ({ template }: Example): boolean => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]*')}$`).test(path)
  const parameters = ({ template }: Example): number => template.split('{').length
  const found = examples.filter((one) => one.method === method && fits(one)).sort((a, b) => parameters(a) - parameters(b))
  return found[0]?.operation ?? ''
}
