import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ids, yaml } from '../support/deployment.ts'
import { type Workplace, workplace } from '../support/hma.ts'

const leaving: Workplace[] = []
afterEach(async () => {
  for (const one of leaving.splice(0)) await one.leave()
})
const at = async (text: string): Promise<Workplace> => {
  const here = await workplace(text)
  leaving.push(here)
  return here
}
const line = (text: string): string => text.replaceAll(/\s+/g, ' ')

const everything = [
  ...['--ews-url mail.contoso.com', '--environment contoso.crm4.dynamics.com', `--tenant ${ids.exchangeTenant}`],
  ...['--vault kv-contoso-mail', `--vault-tenant ${ids.vaultTenant}`, `--subscription ${ids.subscription}`],
  ...['--resource-group rg-mail', '--create-vault westeurope', '--name contoso'],
].join(' ')

describe('hma init', () => {
  test('writes a valid configuration that plans and applies, with its schema next to it', async () => {
    const here = await at('')
    const { code, stderr } = await here.hma(`init --yes --sandbox --out mail/hma.yaml ${everything}`)
    expect([code, line(stderr)]).toEqual([1, expect.stringContaining('cannot be written to')])
    await mkdir(join(here.directory, 'mail'))
    const written = await here.hma(`init --yes --sandbox --out mail/hma.yaml ${everything}`)
    expect([written.code, line(written.stderr)]).toEqual([
      0,
      expect.stringContaining('Next: `hma apply -f mail/hma.yaml --sandbox`'),
    ])
    const text = await readFile(join(here.directory, 'mail', 'hma.yaml'), 'utf8')
    expect(text.split('\n').slice(0, 2)).toEqual([
      '# yaml-language-server: $schema=./schemas/hma.schema.json',
      '# $schema: ./schemas/hma.schema.json',
    ])
    expect(text).toContain('ewsUrl: https://mail.contoso.com/EWS/Exchange.asmx')
    expect(JSON.parse(await readFile(join(here.directory, 'mail/schemas/hma.schema.json'), 'utf8'))).toHaveProperty('$schema')
    expect((await here.hma('validate -f mail')).stdout).toBe('1 deployment in 1 file is valid.\n')
    expect((await here.hma('apply -f mail --sandbox --yes --quiet')).code).toBe(0)
    expect((await here.hma('plan -f mail --sandbox --detailed-exitcode')).code).toBe(0)
  })

  test('--out - prints it and writes nothing', async () => {
    const here = await at('')
    const { code, stdout } = await here.hma(`init --yes --sandbox --out - ${everything}`)
    expect(code).toBe(0)
    await here.write('printed.yaml', stdout)
    expect((await here.hma('validate -f printed.yaml')).code).toBe(0)
    for (const name of ['-', 'schemas']) expect(existsSync(join(here.directory, name))).toBe(false)
  })

  test('without Dynamics, the vault keeps the secret under the proposed name', async () => {
    const here = await at('')
    const flags = everything.replace('contoso.crm4.dynamics.com', '-').replace('westeurope', '-')
    expect((await here.hma(`init --yes --sandbox --out own.yaml ${flags}`)).code).toBe(0)
    const text = await readFile(join(here.directory, 'own.yaml'), 'utf8')
    expect(text).not.toMatch(/^dynamics:|create:/m)
    expect(text).toContain('vaultSecretName: hma-kv-app-client-secret')
    expect((await here.hma('validate -f own.yaml')).code).toBe(0)
  })

  test('proposes tenants, subscription and resource group', async () => {
    const here = await at(yaml({ create: false }))
    const { code } = await here.hma(
      'init --yes --sandbox --out found.yaml --ews-url mail.contoso.com --environment contoso.crm4.dynamics.com --vault kv-contoso-mail',
    )
    expect(code).toBe(0)
    const text = await readFile(join(here.directory, 'found.yaml'), 'utf8')
    expect(text).toContain(
      `keyVault:\n  tenantId: ${ids.vaultTenant}\n  subscriptionId: ${ids.subscription}\n  resourceGroup: rg-mail\n`,
    )
    expect(text).toContain(`hmaApp:\n  tenantId: ${ids.exchangeTenant}\n`)
    expect(text).toMatch(/^name: contoso /m)
    expect(text).not.toContain('create:')
  })

  test('for the sandbox, makes up missing answers; verify then skips nothing', async () => {
    const here = await at('')
    const { code, stderr } = await here.hma('init --yes --sandbox --out invented.yaml')
    expect([code, line(stderr)]).toEqual([0, expect.stringContaining('Next: `hma apply -f invented.yaml --sandbox`')])
    const { stdout } = await here.hma('init --yes --sandbox --out none.yaml --test-mailbox - --vault-copy no')
    expect(stdout).toBe('')
    const text = await readFile(join(here.directory, 'none.yaml'), 'utf8')
    expect(text).toMatch(/# testMailbox: /)
    expect(text).toMatch(/# vaultSecretName: /)
    expect((await here.hma('apply --sandbox --yes --quiet -f invented.yaml')).code).toBe(0)
    const proof: Record<string, { checks: { status: string }[] }> = JSON.parse(
      (await here.hma('verify --sandbox --json -f invented.yaml')).stdout,
    )
    expect(proof.contoso?.checks.map(({ status }) => status)).toEqual(Array(11).fill('passed'))
  })

  test('reports missing and unusable answers, and an existing file', async () => {
    const here = await at('')
    const env = 'init --yes --sandbox --out new.yaml'
    expect(line((await here.hma(`${env} --tenant nowhere.example`)).stderr)).toContain(
      '--tenant: Entra does not know the domain nowhere.example [HMA203]',
    )
    expect(line((await here.hma('init --out new.yaml --vault kv-contoso-mail')).stderr)).toContain(
      'Missing: --ews-url, --environment, --tenant, --vault-tenant, --subscription, --resource-group, --create-vault, --name [',
    )
    const wrong = await here.hma(`${env} --ews-url http://x --tenant 12 --name A_B`)
    expect(line(wrong.stderr)).toMatch(/--ews-url http:\/\/x: .* --tenant 12: .* --name A_B: /)
    expect(line((await here.hma(`init ${everything.replace('--name contoso', '')} --out new.yaml`)).stderr)).toContain(
      'Cannot prompt: not a terminal. Missing: --name [HMA113] Add these flags.',
    )
    expect(line((await here.hma('init --sandbox --out new.yaml')).stderr)).toBe(
      'error Cannot prompt: not a terminal [HMA113] Run `hma init --sandbox --yes`: hma fills in what no flag specifies. ',
    )
    expect(line((await here.hma(`init --yes ${everything}`)).stderr)).toContain('hma.config.yaml already exists')
    expect(existsSync(join(here.directory, 'new.yaml'))).toBe(false)
    expect((await here.hma(`init --yes --sandbox --force ${everything}`)).code).toBe(0)
  })
})
