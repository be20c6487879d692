import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Right } from '../support/rights.ts'
import { type Command, type Guarded, needed, type Setting } from '../support/rightsTable.ts'

const path = join(import.meta.dirname, '../../docs/rights.md')

const vaults: readonly Guarded[] = [
  'existing, RBAC',
  'existing, access policies',
  'made by hma, RBAC',
  'made by hma, access policies',
]

/** Every configuration that differs in its rights. In one tenant, the two of the table are the same. */
const settings: readonly Setting[] = vaults.flatMap((vault) =>
  (['grant', 'manual'] as const).flatMap((consent) =>
    [true, false].flatMap((dynamics) =>
      [true, false].flatMap((copy) =>
        [true, false].map((register) => ({ vault, tenants: 2 as const, consent, dynamics, copy, register })),
      ),
    ),
  ),
)

const kinds = { graph: 'Microsoft Graph', azure: 'role', policy: 'access policy', dataverse: 'Dataverse' } as const

function rowOf(right: Right): readonly [string, string] {
  if (right.of === 'graph') return [right.name, right.tenant === 'vault' ? 'tenant of the vault' : 'tenant of HMA-App']
  if (right.of === 'azure') return [right.name, right.at]
  return right.of === 'policy' ? [`${right.on}: ${right.name}`, 'vault'] : [right.name, 'environment']
}

const vaultWords: readonly (readonly [readonly Guarded[], string])[] = [
  [vaults, ''],
  [['existing, RBAC'], 'a vault that exists, with RBAC'],
  [['existing, access policies'], 'a vault that exists, with access policies'],
  [['made by hma, RBAC'], '`keyVault.create` with RBAC'],
  [['made by hma, access policies'], '`keyVault.create` with access policies'],
  [['existing, RBAC', 'existing, access policies'], 'a vault that exists'],
  [['made by hma, RBAC', 'made by hma, access policies'], '`keyVault.create`'],
  [['existing, access policies', 'made by hma, access policies'], 'a vault with access policies'],
]

/** In which configurations a right is needed, said as a user knows them. */
function condition(has: readonly Setting[]): string {
  const kept = vaults.filter((vault) => has.some((one) => one.vault === vault))
  const [, vault] = vaultWords.find(([some]) => some.join() === kept.join()) ?? [[], kept.join('; ')]
  const only = [
    vault,
    has.every(({ consent }) => consent === 'grant') ? '`adminConsent: grant`' : '',
    has.every(({ dynamics }) => dynamics) ? '`dynamics`' : '',
    has.every(({ copy }) => copy) ? '`vaultSecretName`' : '',
    has.every(({ register }) => register) ? '`servicePrincipalName: register`' : '',
  ].filter((one) => one !== '')
  return only.length === 0 ? 'always' : only.join('; ')
}

function table(command: Command): string {
  const rows = new Map<string, { right: Right; has: Setting[] }>()
  for (const setting of settings)
    for (const { right } of needed(command, setting)) {
      const row = rows.get(JSON.stringify(right)) ?? { right, has: [] }
      row.has.push(setting)
      rows.set(JSON.stringify(right), row)
    }
  const order = Object.keys(kinds)
  const lines = [...rows.values()]
    .toSorted((a, b) => order.indexOf(a.right.of) - order.indexOf(b.right.of))
    .map(({ right, has }) => {
      const [name, where] = rowOf(right)
      return `| ${kinds[right.of]} | ${name} | ${where} | ${condition(has)} |`
    })
  return ['| kind | right | granted at | needed for |', '|---|---|---|---|', ...lines].join('\n')
}

/** The tables between their marks; everything else is written by hand. */
const written = (text: string): string =>
  text.replace(
    /(<!-- rights of (plan|apply|destroy|verify)[^>]*-->\n)[\s\S]*?(?=\n<!-- end -->)/g,
    (_all, mark: string, command: Command) => `${mark}\n${table(command)}\n`,
  )

test('the tables match the rights that the tests in this folder use', async () => {
  const text = await readFile(path, 'utf8')
  expect(text.match(/<!-- rights of/g)).toHaveLength(4)
  await expect(written(text)).toMatchFileSnapshot(path)
})
