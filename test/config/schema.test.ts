import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { expect, it } from 'vitest'
import { schema } from '../../src/config/schema.ts'

/** `npm run schema` writes it anew. */
it('the published schema is the one in the code', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../schemas/hma.schema.json')
})

it('is draft-07 without a fault, as strictly as a validator can look', () => {
  const ajv = new Ajv({ strict: true, validateSchema: true })
  formats.default(ajv)
  expect(ajv.validateSchema(schema)).toBe(true)
  expect(typeof ajv.compile(schema)).toBe('function')
})

interface Property {
  readonly path: string
  readonly node: Readonly<Record<string, unknown>>
}

const isNode = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

/** Every schema that describes a value somebody writes. */
function properties(node: unknown, path: string): Property[] {
  if (!isNode(node)) return []
  const children = [node.properties, node.patternProperties].filter(isNode).flatMap((block) => Object.entries(block))
  const branches = Array.isArray(node.anyOf) ? node.anyOf : []
  return [
    { path, node },
    ...children.flatMap(([name, child]) => properties(child, `${path}/${name}`)),
    ...branches.flatMap((branch, index) => properties(branch, `${path}/anyOf/${index}`)),
    ...(node.items === undefined ? [] : properties(node.items, `${path}/items`)),
  ]
}

it('has a title and a description for everything, and an example or properties', () => {
  const silent = properties(schema, '').filter(
    ({ path, node }) =>
      typeof node.title !== 'string' ||
      typeof node.description !== 'string' ||
      !(node.examples || node.properties || path.includes('/anyOf/')),
  )
  expect(silent.map(({ path }) => path)).toEqual([])
})

it('lets no block take a key that it does not know', () => {
  const open = properties(schema, '').filter(({ node }) => node.type === 'object' && node.additionalProperties !== false)
  expect(open.map(({ path }) => path)).toEqual([])
})
