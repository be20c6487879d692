import { type Fields, fields, fieldsIn, listIn, textIn } from './json.ts'
import { fitted, type Template, type TemplateOptions, template } from './paths.ts'
import { type Place, resolved } from './references.ts'
import { document, type Read } from './specs.ts'

/** One method of one path, as described; whatever is said of it is judged elsewhere. */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly template: Template
  readonly parameters: readonly Place[]
  readonly body: Place | undefined
  /** Status, or `default`, `4XX`, `5XX`, and what the body of that answer is; undefined where it has none. */
  readonly answers: ReadonlyMap<string, Place | undefined>
  /** Of the document that describes it: the one value that `api-version` may have. */
  readonly version: string
}

const methods = new Set(['get', 'put', 'post', 'patch', 'delete'])

/** Everything that a document describes, in Swagger 2.0 or OpenAPI 3. */
export function operations(read: Read, file: string, options: TemplateOptions): readonly Operation[] {
  const { paths, info, 'x-ms-paths': more } = document(read, file)
  const version = textIn(fieldsIn(info).version)
  return Object.entries({ ...fieldsIn(paths), ...fieldsIn(more) }).flatMap(([path, item]) =>
    Object.entries(fields(item))
      .filter(([method]) => methods.has(method))
      .map(([method, described]) => {
        const parameters = [...listIn(fields(item).parameters), ...listIn(fields(described).parameters)].map((each) =>
          resolved(read, { file, value: fields(each) }),
        )
        return {
          ...{ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), parameters, version },
          template: template(
            path.split('?')[0] ?? '',
            parameters.map(({ value }) => value),
            options,
          ),
          body: bodyOf(parameters, { file, value: fields(described) }),
          answers: answersOf(file, fields(described)),
        }
      }),
  )
}

/** Swagger describes a body as a parameter, OpenAPI as content. */
function bodyOf(parameters: readonly Place[], { file, value }: Place): Place | undefined {
  const parameter = parameters.find((each) => each.value.in === 'body')
  if (parameter !== undefined) return { file: parameter.file, value: fields(parameter.value.schema) }
  return contentOf(file, fieldsIn(value.requestBody))
}

const contentOf = (file: string, { content }: Fields): Place | undefined => {
  const schema = fieldsIn(fieldsIn(content)['application/json']).schema
  return schema === undefined ? undefined : { file, value: fields(schema) }
}

function answersOf(file: string, { responses }: Fields): ReadonlyMap<string, Place | undefined> {
  return new Map(
    Object.entries(fields(responses)).map(([status, response]) => {
      const { schema } = fields(response)
      return [status, schema === undefined ? contentOf(file, fields(response)) : { file, value: fields(schema) }] as const
    }),
  )
}

export interface Found {
  readonly operation: Operation
  readonly values: ReadonlyMap<string, string>
}

/** The operation that fits most exactly; `before` are those that were tried. */
export function find(all: readonly Operation[], method: string, path: string): Found | undefined {
  const fitting = all.flatMap((operation) => {
    const values = operation.method === method ? fitted(operation.template, path) : undefined
    return values === undefined ? [] : [{ operation, values }]
  })
  return fitting.sort((one, other) => other.operation.template.fixed - one.operation.template.fixed)[0]
}
