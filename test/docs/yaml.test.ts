import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments, parseDocument } from 'yaml'
import { load } from '../../src/config/load.ts'
import { folder } from '../config/folder.ts'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort()

interface Block {
  readonly page: string
  readonly text: string
}

const blocks: readonly Block[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => ({ page, text })),
)

type Data = Readonly<Record<string, unknown>>

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value)

const read = ({ text }: Block): unknown => parseDocument(text).toJS()

const keys = new Set([
  'apiVersion',
  'name',
  'cloud',
  'auth',
  'keyVault',
  'certificate',
  'keyVaultApp',
  'hmaApp',
  'exchange',
  'dynamics',
  'safety',
])

/** A configuration or part of one, with nothing in it that belongs to another program. */
const isOurs = (block: Block): boolean => {
  const data = read(block)
  return isData(data) && Object.keys(data).every((key) => keys.has(key))
}

/** What a part of a configuration is a part of. */
const whole: Data = {
  apiVersion: 'hma/v1',
  name: 'contoso',
  keyVault: {
    tenantId: '11111111-1111-1111-1111-111111111111',
    subscriptionId: '33333333-3333-3333-3333-333333333333',
    resourceGroup: 'rg-mail',
    name: 'kv-contoso-mail',
  },
  exchange: { ewsUrl: 'https://mail.contoso.com/EWS/Exchange.asmx' },
  dynamics: { environmentUrl: 'https://contoso.crm4.dynamics.com', profile: { name: 'Exchange' } },
}

const lab: Data = {
  name: 'lab',
  ...{ authorityHost: 'https://login.lab.localhost', resourceManager: 'https://management.lab.localhost' },
  ...{ graph: 'https://graph.lab.localhost', keyVaultSuffix: 'vault.lab.localhost' },
}

function merged(base: Data, part: Data): Data {
  const inner = Object.entries(part).map(([key, value]): [string, unknown] => {
    const below = key === 'cloud' && isData(value) ? lab : base[key]
    return [key, isData(value) && isData(below) ? merged(below, value) : value]
  })
  return { ...base, ...Object.fromEntries(inner) }
}

/** `…` is for the reader to fill in. */
const filled = (text: string): string => text.replaceAll('"…"', `"${guid}"`).replaceAll(/"[^"]*ca\.pem"/g, '"ca.pem"')

const variables = (text: string) => Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, guid]))
/** As a secret it is masked in every other test of this process, so no other test uses it. */
const guid = '9c1f0d57-6c1e-4b62-8f0a-5b0f6d2e7a31'

describe('every YAML block of the guides', () => {
  test('is YAML', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(24)
    for (const { page, text } of blocks)
      for (const { errors } of parseAllDocuments(text))
        expect([page, errors.map(({ message }) => message), text]).toEqual([page, [], text])
  })

  const ours = blocks.filter(isOurs)

  test('most are configurations', () => expect(ours.length).toBeGreaterThanOrEqual(17))

  test.each(ours)('is a valid configuration, or a part of one: $page', async (block) => {
    const data = read(block)
    const text = filled(JSON.stringify(merged(whole, isData(data) ? data : {})))
    const directory = await folder({ 'hma.config.yaml': text, 'ca.pem': '-----BEGIN CERTIFICATE-----' })
    const { diagnostics } = await load({ files: [], env: variables(text), directory })
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)
    // A page that shows what is left to fill in shows a mistake.
    expect(errors, errors.join('\n')).toHaveLength(block.text.match(/# could not be read/g)?.length ?? 0)
  })
})
