import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { expect, it } from 'vitest'
import { schema } from '../../src/config/schema.ts'

/** `npm run schema` updates it. */
it('the published schema is the one in the code', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../schemas/hma.schema.json')
})

it('is valid draft-07 in the strictest validator mode', () => {
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

/** Every schema that describes a value in a configuration. */
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

it('allows no unknown key in any block', () => {
  const open = properties(schema, '').filter(({ node }) => node.type === 'object' && node.additionalProperties !== false)
  expect(open.map(({ path }) => path)).toEqual([])
})

/** Every value of a schema, judged by the schema that shows it. */
const judged = new Ajv({ strict: true })
formats.default(judged)

it('contains no example or default that it would refuse', () => {
  const shown = properties(schema, '').flatMap(({ path, node: { examples, default: standard, ...node } }) => {
    const values = [...(Array.isArray(examples) ? examples : []), ...(standard === undefined ? [] : [standard])]
    return values.filter((value) => !judged.validate(node, value)).map((value) => `${path}: ${JSON.stringify(value)}`)
  })
  expect(shown).toEqual([])
})

/** Optional values without a default: their description says what happens without them. */
const withoutDefault = [
  ...['keyVault/create', 'exchange/mailboxScope', 'exchange/setup', 'exchange/evidence', 'exchange/testMailbox', 'dynamics'],
  ...['keyVaultApp/appId', 'keyVaultApp/clientSecret/vaultSecretName', 'hmaApp/appId', 'cloud/caFile'],
  ...['auth/clientId', 'auth/clientSecret', 'auth/certificateFile', 'auth/certificatePassword'],
  ...['certificate/signedFile', 'certificate/file', 'certificate/password'],
  ...['certificate/subject', 'hmaApp/tenantId', 'exchange/resourceId', 'dynamics/tenantId'],
  ...['dynamics/mailboxes/approve', 'dynamics/mailboxes/testAndEnable', 'renewal', 'renewal/spreadDays'],
]

it('has a default for everything optional, or says what happens without it', () => {
  const optional = properties(schema, '').flatMap(({ path, node }) => {
    const required = Array.isArray(node.required) ? node.required : []
    const inner = [node.properties].filter(isNode).flatMap((block) => Object.entries(block))
    return inner
      .filter(([name, child]) => !required.includes(name) && isNode(child) && child.default === undefined)
      .map(([name]) => `${path}/${name}`.replaceAll(/\/(anyOf\/\d|items|\^[^ ]+\$)/g, '').slice(1))
  })
  expect(optional.sort()).toEqual([...withoutDefault].sort())
})
