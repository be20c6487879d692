import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject } from 'ajv'
import formats from 'ajv-formats'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '../..')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const files = ['hma.config.yaml', ...globSync('examples/*/{,deployments/}*.yaml', { cwd: root }).sort()]

/** An independent validator, with the published file and nothing of hma's. */
const ajv = new Ajv({ strict: true, allErrors: true })
formats.default(ajv)
const accepts = ajv.compile(JSON.parse(text('schemas/hma.schema.json')))

const id = '55555555-5555-5555-5555-555555555555'
/** As `envsubst` would do it: ids for what is named as one. */
const substituted = (yaml: string): string =>
  yaml.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => (name.endsWith('_ID') ? id : 'a value'))

const documents = (yaml: string): readonly unknown[] =>
  parseAllDocuments(substituted(yaml)).map((one): unknown => {
    if (one.errors.length > 0) throw new Error(one.errors.join('\n'))
    return one.toJS()
  })

const mistakes = (document: unknown): readonly string[] =>
  accepts(document) ? [] : (accepts.errors ?? []).map(({ instancePath, keyword }: ErrorObject) => `${instancePath} ${keyword}`)

describe('the published schema, in a validator that is not hma', () => {
  test.each(files)('%s is valid', (file) => {
    const all = documents(text(file))
    expect(all.length).toBeGreaterThan(0)
    expect(all.flatMap(mistakes)).toEqual([])
  })

  test.each<readonly [string, (yaml: string) => string, string]>([
    ['an unknown key', (yaml) => `${yaml}\ncertficate: {}\n`, ' additionalProperties'],
    ['a value that is none of those', (yaml) => `${yaml}\nsafety: { preventRemoval: perhaps }\n`, '/safety/preventRemoval type'],
    ['a version that is another', (yaml) => yaml.replace('hma/v1', 'hma/v2'), '/apiVersion enum'],
    ['a key that is missing', (yaml) => yaml.replace(/^.*ewsUrl: .*$/m, '  testMailbox: a@contoso.com'), '/exchange required'],
  ])('%s is not', (_, broken, expected) => {
    expect(documents(broken(text('examples/minimal/hma.config.yaml'))).flatMap(mistakes)).toContain(expected)
  })
})
